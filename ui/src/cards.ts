// A hit as a card: picture, title, what page.toml says below it.

import type { Hit } from 'instantsearch.js';
import type { HitsTemplates } from 'instantsearch.js/es/widgets/hits/hits';

import type { Collection, Config } from './config';
import { shown } from './format';

const EVERYTHING = '*'; // what the adapter asks for where nothing was typed

export function hitTemplates(config: Config, collection: Collection): HitsTemplates {
  const { card, fields } = collection;
  const text = (field: string, hit: Hit) => shown(fields[field], hit[field]);

  return {
    item(hit, { html, components }) {
      const link = stashLink(config.stash_url, card.link, hit);
      const path = config.pictures ? hit[card.picture] : undefined;
      const title = components.Highlight({ hit, attribute: card.title });
      const badges = card.badges.map((field) => text(field, hit)).filter(Boolean);
      const facts = card.facts.map((field) => text(field, hit)).filter(Boolean);
      return html`
        <article class="card ${card.shape}">
          <div class="picture" data-initial=${initial(hit[card.title])}>
            ${path && html`<img src="/picture${path}" alt="" loading="lazy" onError=${hide} />`}
            <span class="badges">${badges.map((badge) => html`<span>${badge}</span>`)}</span>
          </div>
          <div class="words">
            <h2>${link ? html`<a href=${link}>${title}</a>` : title}</h2>
            ${card.lines
              .filter((field) => text(field, hit))
              .map((field) => html`<p class="line">${line(field, hit)}</p>`)}
            <p class="facts">${facts.map((fact) => html`<span>${fact}</span>`)}</p>
          </div>
        </article>
      `;

      /** Names keep what was found in them marked; a name that is a code is spelled out. */
      function line(field: string, of: Hit): unknown {
        const value = of[field];
        if (!Array.isArray(value)) {
          const spelled = text(field, of);
          return spelled === value ? components.Highlight({ hit: of, attribute: field }) : spelled;
        }
        return value.map((_, at) => [
          at ? ', ' : '',
          components.Highlight({ hit: of, attribute: [field, String(at)] as never }),
        ]);
      }
    },
    empty: ({ query }, { html }) => html`
      <p class="nothing">Nothing found${query !== EVERYTHING && html` for <q>${query}</q>`}.</p>
    `,
  };
}

/** Where Stash shows a thing: each {field} of the pattern is replaced; '' without a Stash. */
function stashLink(stash: string, pattern: string, hit: Hit): string {
  if (!stash || !pattern) return '';
  return stash + pattern.replace(/\{(\w+)\}/g, (_, field) => encodeURIComponent(String(hit[field])));
}

/** What stands in for a picture: the first letter, with the accents that belong to it. */
function initial(title: unknown): string {
  return [...String(title ?? '').normalize('NFC')][0] ?? '';
}

function hide(event: Event): void {
  (event.target as HTMLElement).hidden = true;
}
