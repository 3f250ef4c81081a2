import { Liquid } from 'liquidjs';
import type { Template } from 'liquidjs';

/** What a template may do. No partials, no loops, no dates, no randomness: text and conditions only. */
const allowedTags: ReadonlySet<string> = new Set([
  'if',
  'unless',
  'case',
  'assign',
  'capture',
  'comment',
  '#',
]);
const allowedFilters: ReadonlySet<string> = new Set([
  'append',
  'capitalize',
  'default',
  'downcase',
  'prepend',
  'replace',
  'strip',
  'upcase',
]);

const templateCharactersMax = 30_000;

/** Values a template sees: groups of named texts. A name that is not there is an error, never an empty hole. */
export interface TemplateValues {
  readonly [name: string]: string | TemplateValues;
}

export type ParsedText =
  | { readonly ok: true; readonly template: Template[]; readonly variables: readonly string[] }
  | { readonly ok: false; readonly reason: string };

export type RenderedText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly missing: string | null; readonly reason: string };

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * A Liquid engine that knows no file system and refuses what it does not know: variables, filters and tags.
 * A variable may be absent only where a template says so (`if`, `unless`, `default`).
 */
export const createLiquidEngine = () => {
  const engine = new Liquid({
    strictVariables: true,
    strictFilters: true,
    lenientIf: true,
    ownPropertyOnly: true,
    templates: {},
    parseLimit: templateCharactersMax,
  });
  for (const tag of Object.keys(engine.tags)) if (!allowedTags.has(tag)) delete engine.tags[tag];
  for (const filter of Object.keys(engine.filters)) {
    if (!allowedFilters.has(filter)) engine.unregisterFilter(filter);
  }
  return {
    parse: (source: string): ParsedText => {
      try {
        const template = engine.parse(source);
        return { ok: true, template, variables: engine.globalFullVariablesSync(template) };
      } catch (error) {
        return { ok: false, reason: messageOf(error) };
      }
    },
    /** Renders with the values as plain text: what looks like Liquid inside a value stays text. */
    render: (template: Template[], values: TemplateValues): RenderedText => {
      try {
        const text: unknown = engine.renderSync(template, values);
        return { ok: true, text: String(text) };
      } catch (error) {
        const reason = messageOf(error);
        const missing = /undefined variable: ([\w.-]+)/.exec(reason)?.[1] ?? null;
        return { ok: false, missing, reason };
      }
    },
  };
};
export type LiquidEngine = ReturnType<typeof createLiquidEngine>;
