// Values as a person reads them. Everything returned is plain text, never HTML.

import type { Field } from './config';

const regions = new Intl.DisplayNames('en', { type: 'region' });
const languages = new Intl.DisplayNames('en', { type: 'language' });

/** A value on a card; empty text where there is nothing to show. */
export function shown(field: Field | undefined, value: unknown): string {
  const { base, label } = field ?? { base: '', label: '' };
  if (value === undefined || value === null || value === '') return '';
  if (Array.isArray(value)) return value.join(', ');
  if (base === 'duration' || base === 'seconds') return duration(Number(value));
  if (/_count(_all)?$/.test(base)) return counted(base, Number(value));
  if (typeof value === 'boolean') return value ? label : '';
  return chosen(field, String(value));
}

/** A facet's value, in the panel and among what was chosen. */
export function chosen(field: Field | undefined, value: string): string {
  const base = field?.base ?? '';
  if (value === 'true' || value === 'false') return value === 'true' ? 'Yes' : 'No';
  if (base === 'stars') return '★'.repeat(Number(value)) || value;
  if (/gender/.test(base)) return words(value.toLowerCase());
  if (base === 'missing' || base === 'orientation') return words(value);
  if (/countr/.test(base)) return named(regions, value);
  if (base === 'captions') return value === '00' ? 'Unknown' : named(languages, value);
  return value;
}

/** Seconds as 1:02:03 or 2:03. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (part: number) => String(part).padStart(2, '0');
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** A range between two bounds, such as "10 to 20 min" or "over 60 min". */
export function step(field: Field | undefined, from: number | undefined, to: number | undefined): string {
  const isTime = field?.base === 'duration';
  const unit = isTime ? ' min' : '';
  const scaled = (bound: number) => String(isTime ? bound / 60 : bound);
  if (from === undefined) return `under ${scaled(to ?? 0)}${unit}`;
  return to === undefined ? `over ${scaled(from)}${unit}` : `${scaled(from)} to ${scaled(to)}${unit}`;
}

function counted(field: string, count: number): string {
  if (!count) return '';
  const thing = field.replace(/_count(_all)?$/, '');
  if (thing === 'play') return `played ${count}×`;
  return `${count.toLocaleString('en')} ${thing.replaceAll('_', ' ')}${count === 1 ? '' : 's'}`;
}

function words(value: string): string {
  const text = value.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function named(names: Intl.DisplayNames, code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code; // not a code at all: people type what they like
  }
}
