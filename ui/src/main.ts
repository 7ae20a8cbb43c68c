// The search page: reads what the server says of its collections and starts one of them.

import { readConfig, type Collection, type Config } from './config';
import { drawer } from './drawer';
import { TAB } from './route';
import { startSearch } from './search';
import { theme } from './theme';

const trouble = document.getElementById('trouble')!;

async function main(): Promise<void> {
  theme(document.getElementById('theme')!);
  drawer();
  const config = await readConfig();
  const wanted = new URLSearchParams(location.search).get(TAB);
  const collection = config.collections.find(({ name }) => name === wanted) ?? config.collections[0];
  if (!collection) throw new Error('There are no collections.');
  tabs(config, collection);
  document.title = `${collection.label} · Search`;
  document.getElementById('title')!.textContent = collection.label;
  startSearch(config, collection, trouble);
  document.addEventListener('keydown', focusBox);
}

/** A link for each collection; what was typed goes along. */
function tabs(config: Config, current: Collection): void {
  const nav = document.getElementById('tabs')!;
  for (const { name, label } of config.collections) {
    const link = document.createElement('a');
    link.href = `?${TAB}=${name}`;
    link.textContent = label;
    if (name === current.name) link.setAttribute('aria-current', 'page');
    link.addEventListener('click', () => {
      const typed = document.querySelector<HTMLInputElement>('#box input')?.value;
      if (typed) link.href = `?${TAB}=${name}&query=${encodeURIComponent(typed)}`;
    });
    nav.append(link);
  }
}

/** "/" goes to the search box, unless somebody is typing already. */
function focusBox(event: KeyboardEvent): void {
  const isTyping = (event.target as HTMLElement).matches('input, select, textarea');
  if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  document.querySelector<HTMLInputElement>('#box input')?.focus();
}

main().catch((error: unknown) => {
  trouble.textContent = `The page could not start. ${error instanceof Error ? error.message : ''}`;
  trouble.hidden = false;
});
