// InstantSearch, put together for one collection.

import instantsearch from 'instantsearch.js/es';
import clearRefinements from 'instantsearch.js/es/widgets/clear-refinements/clear-refinements';
import configure from 'instantsearch.js/es/widgets/configure/configure';
import currentRefinements from 'instantsearch.js/es/widgets/current-refinements/current-refinements';
import hits from 'instantsearch.js/es/widgets/hits/hits';
import pagination from 'instantsearch.js/es/widgets/pagination/pagination';
import searchBox from 'instantsearch.js/es/widgets/search-box/search-box';
import sortBy from 'instantsearch.js/es/widgets/sort-by/sort-by';
import stats from 'instantsearch.js/es/widgets/stats/stats';
import TypesenseInstantSearchAdapter from 'typesense-instantsearch-adapter';

import { hitTemplates } from './cards';
import type { Collection, Config } from './config';
import { Panel } from './facets';
import { chosen } from './format';
import { routing, sortedBy } from './route';

const HITS = 24;

export function startSearch(config: Config, collection: Collection, trouble: HTMLElement): void {
  const { router, stateMapping } = routing(collection);
  const search = instantsearch({
    indexName: collection.alias,
    searchClient: client(collection),
    routing: { router, stateMapping },
    insights: false,
    future: { preserveSharedStateOnUnmount: true },
  });
  const panel = new Panel(byId('facets'), collection, (widgets) => search.addWidgets(widgets));
  const unfold = () => panel.unfold(stateMapping.routeToState(router.read())[collection.alias]);

  search.addWidgets([configure({ hitsPerPage: HITS }), ...widgets(config, collection)]);
  search.on('error', () => {
    trouble.textContent = 'The search failed. Is Typesense up, and was this collection indexed?';
    trouble.hidden = false;
  });
  search.on('render', () => {
    byId('results').setAttribute('aria-busy', String(search.status !== 'idle'));
    if (search.status === 'idle') trouble.hidden = true;
  });
  unfold();
  addEventListener('popstate', unfold); // before InstantSearch listens: its facets are there then
  search.start();
}

function client(collection: Collection) {
  const { hostname, port, protocol } = location;
  const scheme = protocol.slice(0, -1);
  return new TypesenseInstantSearchAdapter({
    server: {
      // The server of this page, which knows the key; the client insists on sending one.
      apiKey: 'none',
      sendApiKeyAsQueryParam: false,
      nodes: [{ host: hostname, port: Number(port) || (scheme === 'https' ? 443 : 80), protocol: scheme }],
      numRetries: 0,
    },
    additionalSearchParameters: collection.search,
    facetableFieldsWithSpecialCharacters: collection.facets.flatMap(({ field, levels }) => [field, ...levels]),
  }).searchClient;
}

function widgets(config: Config, collection: Collection) {
  const { fields } = collection;
  return [
    searchBox({ container: '#box', placeholder: `Search ${collection.label.toLowerCase()}`, autofocus: false }),
    stats({
      container: '#stats',
      templates: { text: ({ nbHits }) => `${nbHits.toLocaleString('en')} found` },
    }),
    sortBy({
      container: '#sort',
      items: collection.sorts.map(({ by, label }, at) => ({
        value: at ? sortedBy(collection.alias, by) : collection.alias,
        label,
      })),
    }),
    clearRefinements({ container: '#clear', templates: { resetLabel: () => 'Clear all' } }),
    currentRefinements({
      container: '#chosen',
      transformItems: (items) =>
        items.map((item) => ({
          ...item,
          label: fields[item.attribute]?.label ?? item.label,
          refinements: item.refinements.map((each) => ({ ...each, label: chosen(fields[each.attribute], each.label) })),
        })),
    }),
    hits({ container: '#hits', templates: hitTemplates(config, collection) }),
    pagination({ container: '#pages', padding: 2, scrollTo: '#results' }),
  ];
}

function byId(id: string): HTMLElement {
  return document.getElementById(id)!;
}
