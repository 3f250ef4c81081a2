import type { Choice } from './choice.ts';

const spaces = ['', '', '', ' ', '  ', '\n', '\t', '\r\n'] as const;

const escapedUnit = (unit: string, choice: Choice): string => {
  const code = unit.charCodeAt(0).toString(16).padStart(4, '0');
  return `\\u${choice.upTo(1) === 1 ? code.toUpperCase() : code}`;
};

const spelledText = (text: string, choice: Choice): string => {
  const often = choice.of([0, 1, 5, 40]);
  const units = Array.from({ length: text.length }, (_, at) => text[at] ?? '');
  const spelled = units.map((unit) => {
    if (unit === '/' && choice.upTo(2) === 0) return '\\/';
    return choice.upTo(100) < often ? escapedUnit(unit, choice) : JSON.stringify(unit).slice(1, -1);
  });
  return `"${spelled.join('')}"`;
};

const spelledNumber = (value: number, choice: Choice): string => {
  if (!Number.isSafeInteger(value)) return JSON.stringify(value);
  return choice.of([
    String(value),
    `${value}.0`,
    `${value}.000`,
    `${value}e0`,
    `${value}E+0`,
    ...(value === 0 ? ['0.0e5'] : [`${value}0e-1`]),
    ...(value % 10 === 0 ? [`${value / 10}e1`, `${value / 10}.0E+01`] : []),
  ]);
};

const shuffled = <T>(list: readonly T[], choice: Choice): T[] => {
  const left = [...list];
  const order: T[] = [];
  while (left.length > 0) order.push(...left.splice(choice.upTo(left.length - 1), 1));
  return order;
};

/** Another JSON text of the same value: other key order, white space, escapes and spellings of numbers. */
export const encodeEqually = (value: unknown, choice: Choice): string => {
  const gap = (): string => choice.of(spaces);
  if (typeof value === 'string') return spelledText(value, choice);
  if (typeof value === 'number') return spelledNumber(value, choice);
  if (Array.isArray(value))
    return `[${gap()}${value.map((item) => encodeEqually(item, choice)).join(`${gap()},${gap()}`)}${gap()}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = shuffled(
      Object.entries(value).filter(([, item]) => item !== undefined),
      choice,
    ).map(([key, item]) => `${spelledText(key, choice)}${gap()}:${gap()}${encodeEqually(item, choice)}`);
    return `{${gap()}${entries.join(`${gap()},${gap()}`)}${gap()}}`;
  }
  return JSON.stringify(value);
};
