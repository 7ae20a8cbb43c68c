// The panel: a folding section for each facet. A facet is asked for once its section was unfolded.

import type { UiState, Widget } from 'instantsearch.js';
import hierarchicalMenu from 'instantsearch.js/es/widgets/hierarchical-menu/hierarchical-menu';
import numericMenu from 'instantsearch.js/es/widgets/numeric-menu/numeric-menu';
import refinementList from 'instantsearch.js/es/widgets/refinement-list/refinement-list';

import type { Collection, Facet, Field } from './config';
import { chosen, step } from './format';
import { range } from './range';

type State = UiState[string];
type Add = (widgets: Widget[]) => void;

const SHOWN = 8;
const SHOWN_MORE = 60;

export class Panel {
  private readonly sections = new Map<string, { unfold: () => void }>();

  constructor(
    container: HTMLElement,
    private readonly collection: Collection,
    add: Add,
  ) {
    for (const facet of collection.facets) {
      const field = collection.fields[facet.field] ?? { label: facet.field, base: facet.field };
      this.sections.set(facet.field, section(container, facet, field, add));
    }
  }

  /** Unfold what a shared address narrows by, and what is always open. */
  unfold(state: State | undefined): void {
    for (const facet of this.collection.facets) {
      if (facet.open || isUsed(facet, state)) this.sections.get(facet.field)?.unfold();
    }
  }
}

function section(container: HTMLElement, facet: Facet, field: Field, add: Add): { unfold: () => void } {
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  const body = document.createElement('div');
  let isAsked = false;
  const ask = () => {
    if (isAsked) return;
    isAsked = true;
    add([widget(facet, field, body)]);
  };
  details.className = 'facet';
  details.dataset['field'] = facet.field;
  summary.textContent = field.label;
  details.append(summary, body);
  details.addEventListener('toggle', () => details.open && ask());
  container.append(details);
  return {
    unfold() {
      details.open = true;
      ask();
    },
  };
}

function widget(facet: Facet, field: Field, container: HTMLElement): Widget {
  switch (facet.widget) {
    case 'tree':
      return hierarchicalMenu({
        container,
        attributes: facet.levels,
        limit: SHOWN,
        showMore: true,
        showMoreLimit: SHOWN_MORE,
      });
    case 'steps':
      return numericMenu({ container, attribute: facet.field, items: steps(facet, field) });
    case 'range':
      return range(container, facet.field, field.label);
    default:
      return list(facet, field, container);
  }
}

function list(facet: Facet, field: Field, container: HTMLElement): Widget {
  return refinementList({
    container,
    attribute: facet.field,
    limit: SHOWN,
    showMore: facet.widget === 'list',
    showMoreLimit: SHOWN_MORE,
    searchable: facet.widget === 'list',
    searchableIsAlwaysActive: false,
    searchablePlaceholder: `Find in ${field.label.toLowerCase()}`,
    transformItems: (items) =>
      items.map((item) => ({ ...item, label: chosen(field, item.label) })),
    templates: {
      item: ({ value, label, count, isRefined }, { html }) => html`
        <label class="ais-RefinementList-label">
          <input class="ais-RefinementList-checkbox" type="checkbox" value=${value} checked=${isRefined} />
          <span class="ais-RefinementList-labelText">${label}</span>
          <span class="ais-RefinementList-count">${count.toLocaleString('en')}</span>
        </label>
      `,
    },
  });
}

function steps(facet: Facet, field: Field): { label: string; start?: number; end?: number }[] {
  const bounds = [undefined, ...facet.steps, undefined];
  const ranges = bounds.slice(1).map((end, at) => {
    const start = bounds[at];
    return { label: step(field, start, end), ...(start !== undefined && { start }), ...(end !== undefined && { end }) };
  });
  return [{ label: 'any' }, ...ranges];
}

function isUsed(facet: Facet, state: State | undefined): boolean {
  const places = [state?.refinementList, state?.hierarchicalMenu, state?.numericMenu, state?.range];
  return places.some((place) => place !== undefined && facet.field in place);
}
