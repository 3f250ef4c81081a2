import { isLocalEnvironment } from '@caio/contracts';
import type { Audience, CopyIndustry, CopyPack, CopyTemplate, Sender } from '@caio/contracts';
import type { Template } from 'liquidjs';
import { createLiquidEngine } from './liquid-engine.ts';
import type { LiquidEngine, RenderedText, TemplateValues } from './liquid-engine.ts';
import { exampleValueProblems, referenceProblems } from './pack-problem.ts';
import type { PackProblem } from './pack-problem.ts';
import { createOpenerMatcher, createPhraseMatcher } from './phrase.ts';
import type { PhraseMatcher } from './phrase.ts';

export interface CompiledAudience extends Pick<Audience, 'id' | 'functions'> {
  readonly impact: PhraseMatcher;
}

export interface CompiledIndustry extends Pick<CopyIndustry, 'id' | 'phrase'> {
  readonly names: PhraseMatcher;
}

/** A template with its texts parsed; `variables` are the names it reads, e.g. `lead.company`. */
export interface CompiledTemplate {
  readonly template: CopyTemplate;
  readonly variables: readonly string[];
  readonly renderSubject: (values: TemplateValues) => RenderedText;
  readonly renderBody: (values: TemplateValues) => RenderedText;
}

/** A copy pack ready for use: texts parsed and word lists compiled once, version known. */
export interface CompiledCopyPack {
  readonly data: CopyPack;
  readonly version: string;
  readonly defaultSender: Sender;
  readonly audiences: readonly CompiledAudience[];
  readonly industries: readonly CompiledIndustry[];
  readonly templates: readonly CompiledTemplate[];
  readonly wording: {
    readonly openers: PhraseMatcher;
    readonly banned: PhraseMatcher;
    readonly bannedInSubject: PhraseMatcher;
    readonly fillers: PhraseMatcher;
  };
  readonly renderFooter: (values: TemplateValues) => RenderedText;
}

export type CompiledPackOutcome =
  | { readonly ok: true; readonly pack: CompiledCopyPack }
  | { readonly ok: false; readonly problems: readonly PackProblem[] };

const senderNames = ['sender.name', 'sender.email'];
const companyNames = ['company.name', 'company.website', 'company.postal_address', 'booking_url'];
const leadNames = [
  'first_name',
  'last_name',
  'full_name',
  'company',
  'company_domain',
  'title',
  'industry',
  'city',
  'country',
].map((field) => `lead.${field}`);

const footerNames = [...senderNames, ...companyNames, 'unsubscribe.url', 'unsubscribe.line'];

const namesFor = (template: CopyTemplate): readonly string[] => [
  ...senderNames,
  ...companyNames,
  ...leadNames,
  'industry.phrase',
  ...template.claims.map((id) => `claims.${id}`),
  ...template.needs
    .filter((need) => need.startsWith('evidence:'))
    .flatMap((need) => ['text', 'url'].map((part) => `evidence.${need.slice('evidence:'.length)}.${part}`)),
];

interface Parsed {
  readonly template: Template[];
  readonly variables: readonly string[];
  readonly problems: readonly PackProblem[];
}

const parseText = (
  engine: LiquidEngine,
  source: string,
  path: string,
  allowed: readonly string[],
): Parsed => {
  const parsed = engine.parse(source);
  if (!parsed.ok) {
    const fix =
      'Correct the template. Tags: if, unless, case, assign, capture, comment. No partials, no loops.';
    return {
      template: [],
      variables: [],
      problems: [{ code: 'template_invalid', path, reason: parsed.reason, fix }],
    };
  }
  const unknown = parsed.variables.filter((name) => !allowed.includes(name));
  return {
    template: parsed.template,
    variables: parsed.variables,
    problems: unknown.map((name) => ({
      code: 'unknown_variable',
      path,
      reason: `"${name}" is nothing a template can use here`,
      fix: `Use one of: ${allowed.join(', ')}. Claims and evidence have to be declared on the template.`,
    })),
  };
};

const unusedClaims = (template: CopyTemplate, variables: readonly string[], path: string): PackProblem[] =>
  template.claims
    .filter((id) => !variables.includes(`claims.${id}`))
    .map((id) => ({
      code: 'unused_claim',
      path: `${path}.claims`,
      reason: `template "${template.id}" declares the claim "${id}" and does not make it`,
      fix: `Write {{ claims.${id} }} where the text makes the claim, or take it off the list.`,
    }));

const compileTemplate = (engine: LiquidEngine, template: CopyTemplate, index: number) => {
  const path = `templates[${String(index)}]`;
  const allowed = namesFor(template);
  const subject = parseText(engine, template.subject, `${path}.subject`, allowed);
  const body = parseText(engine, template.body, `${path}.body`, allowed);
  const variables = [...new Set([...subject.variables, ...body.variables])];
  const compiled: CompiledTemplate = {
    template,
    variables,
    renderSubject: (values) => engine.render(subject.template, values),
    renderBody: (values) => engine.render(body.template, values),
  };
  const broken = [...subject.problems, ...body.problems];
  return {
    compiled,
    problems: broken.length > 0 ? broken : unusedClaims(template, variables, path),
  };
};

/**
 * Parses every text of the pack once and checks what the schema cannot: names, references, senders.
 * Outside local environments example values are refused too. `version` is stored as given; the shell makes
 * it of `copyPackBytes`.
 */
export const compileCopyPack = (options: {
  readonly pack: CopyPack;
  readonly version: string;
  readonly environment: string;
}): CompiledPackOutcome => {
  const { pack, version } = options;
  const engine = createLiquidEngine();
  const footer = parseText(engine, pack.footer, 'footer', footerNames);
  const templates = pack.templates.map((template, index) => compileTemplate(engine, template, index));
  const sender = pack.senders.find((candidate) => candidate.default);
  const problems = [
    ...referenceProblems(pack),
    ...footer.problems,
    ...templates.flatMap((template) => template.problems),
    ...(isLocalEnvironment(options.environment) ? [] : exampleValueProblems(pack)),
  ];
  if (problems.length > 0 || sender === undefined) return { ok: false, problems };
  return {
    ok: true,
    pack: {
      data: pack,
      version,
      defaultSender: { name: sender.name, email: sender.email },
      audiences: pack.audiences.map(({ id, functions, impact }) => ({
        id,
        functions,
        impact: createPhraseMatcher(impact),
      })),
      industries: pack.industries.map(({ id, names, phrase }) => ({
        id,
        phrase,
        names: createPhraseMatcher(names),
      })),
      templates: templates.map(({ compiled }) => compiled),
      wording: {
        openers: createOpenerMatcher(pack.guards.bannedOpeners),
        banned: createPhraseMatcher(pack.guards.bannedPhrases),
        bannedInSubject: createPhraseMatcher(pack.guards.bannedInSubject),
        fillers: createPhraseMatcher(pack.guards.fillers),
      },
      renderFooter: (values) => engine.render(footer.template, values),
    },
  };
};
