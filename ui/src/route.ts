// The address of the page says what it shows, so that it can be shared:
// ?in=scenes&query=quay&sort=date:desc&page=2&refinementList[tags][0]=Night

import history from 'instantsearch.js/es/lib/routers/history';
import type { UiState } from 'instantsearch.js';

import type { Collection } from './config';

type Route = Record<string, unknown>;

const SORT = '/sort/';

export const TAB = 'in';

/** The index name that the adapter reads an order of hits from. */
export function sortedBy(alias: string, by: string): string {
  return alias + SORT + by;
}

export function routing(collection: Collection) {
  const index = collection.alias;
  return {
    router: history<Route>({ cleanUrlOnDispose: false, writeDelay: 200 }),
    stateMapping: {
      stateToRoute(uiState: UiState): Route {
        const { sortBy, configure: _, ...rest } = uiState[index] ?? {};
        return { [TAB]: collection.name, ...rest, ...(sortBy && { sort: sortBy.split(SORT)[1] }) };
      },
      routeToState(route: Route): UiState {
        const { [TAB]: _, sort, ...rest } = route;
        const known = collection.sorts.some(({ by }) => by === sort);
        return { [index]: { ...rest, ...(known && { sortBy: sortedBy(index, String(sort)) }) } };
      },
    },
  };
}
