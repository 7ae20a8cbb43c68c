// What the server tells the page: indexer/ui/page_config.py, made from the collection specs.

// How a field is shown; `base` is what the specs call it, whatever a name set does.
export interface Field {
  label: string;
  base: string;
}

export interface Facet {
  field: string;
  widget: 'list' | 'yesno' | 'range' | 'steps' | 'tree';
  open: boolean;
  levels: string[];
  steps: number[];
}

export interface Card {
  title: string;
  picture: string;
  shape: 'wide' | 'tall';
  link: string;
  badges: string[];
  lines: string[];
  facts: string[];
}

export interface Sort {
  by: string;
  label: string;
}

export interface Collection {
  name: string;
  alias: string;
  label: string;
  search: Record<string, string>;
  fields: Record<string, Field>;
  card: Card;
  facets: Facet[];
  sorts: Sort[];
}

export interface Config {
  collections: Collection[];
  stash_url: string;
  pictures: boolean;
}

export async function readConfig(): Promise<Config> {
  const answer = await fetch('/config.json');
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  return answer.json();
}
