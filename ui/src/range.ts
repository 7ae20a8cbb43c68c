// A range with two labelled number boxes: InstantSearch's own has no labels for a screen reader.

import connectRange from 'instantsearch.js/es/connectors/range/connectRange';

type Bound = number | undefined;

export function range(container: HTMLElement, attribute: string, label: string) {
  const boxes = ['From', 'To'].map((word) => box(container, word, `${label}: ${word.toLowerCase()}`));
  const [from, to] = boxes as [HTMLInputElement, HTMLInputElement];

  const create = connectRange((options, isFirst) => {
    const { min, max } = options.range;
    const [low, high] = options.start;
    const isNarrow = min === max; // one value, or none at all
    for (const each of boxes) each.disabled = isNarrow;
    show(from, low, isNarrow ? undefined : min);
    show(to, high, isNarrow ? undefined : max);
    if (isFirst) {
      for (const each of boxes) {
        each.addEventListener('change', () => options.refine([bound(from), bound(to)]));
      }
    }
  });
  return create({ attribute });
}

function box(container: HTMLElement, word: string, name: string): HTMLInputElement {
  const label = document.createElement('label');
  const input = document.createElement('input');
  input.type = 'number';
  input.setAttribute('aria-label', name);
  label.append(word, input);
  container.append(label);
  container.classList.add('range');
  return input;
}

function show(input: HTMLInputElement, chosen: Bound, limit: Bound): void {
  const isChosen = chosen !== undefined && Number.isFinite(chosen) && chosen !== limit;
  input.value = isChosen ? String(chosen) : '';
  input.placeholder = limit === undefined ? '' : String(limit);
}

function bound(input: HTMLInputElement): Bound {
  return input.value === '' ? undefined : Number(input.value);
}
