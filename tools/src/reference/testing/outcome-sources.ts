import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { barSchema } from '@caio/contracts';
import ts from 'typescript';
import { root } from './service-apps.ts';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const filesUnder = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));

const literalsIn = (node: ts.Node): string[] => {
  const found: string[] = [];
  const visit = (inner: ts.Node): void => {
    if (ts.isStringLiteral(inner)) found.push(inner.text);
    else ts.forEachChild(inner, visit);
  };
  visit(node);
  return found.filter((text) => /^[a-z]+(_[a-z]+)*$/.test(text));
};

/** Functions that are given the code of an outcome. */
const codeFirst: ReadonlySet<string> = new Set(['released', 'stayOpen']);

/** Values of every `code:` and arguments of every function that takes one: what an outcome of a send can be called. */
const codesIn = (file: string): string[] => {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2022, true);
  const codes: string[] = [];
  const visit = (node: ts.Node): void => {
    const isCode =
      (ts.isPropertyAssignment(node) || ts.isPropertySignature(node)) && node.name.getText(source) === 'code';
    if (isCode && ts.isPropertyAssignment(node)) codes.push(...literalsIn(node.initializer));
    else if (isCode && ts.isPropertySignature(node) && node.type !== undefined)
      codes.push(...literalsIn(node.type));
    else if (ts.isVariableDeclaration(node) && node.name.getText(source) === 'code' && node.initializer)
      codes.push(...literalsIn(node.initializer));
    else if (ts.isCallExpression(node) && codeFirst.has(node.expression.getText(source)))
      codes.push(...node.arguments.flatMap(literalsIn));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return codes;
};

const matches = (file: string, pattern: RegExp): string[] =>
  [...read(file).matchAll(pattern)].map(([, code = '']) => code);

const luaReasons = (): string[] =>
  readdirSync(join(root, 'libs/state-store/src/scripts'))
    .filter((file) => /^(settle-action|lose-actions|leave-action)-\d+\.lua$/.test(file))
    .flatMap((file) =>
      matches(
        `libs/state-store/src/scripts/${file}`,
        /(?:'reason', (?:late and )?|to, code, outcome, proof = 'refused', )'([a-z_]+)'/g,
      ),
    );

const admitActivationReasons = (): string[] =>
  readdirSync(join(root, 'libs/state-store/src/scripts'))
    .filter((file) => file.startsWith('admit-activation-'))
    .flatMap((file) => matches(`libs/state-store/src/scripts/${file}`, /code = '([a-z_]+)'/g));

/** The codes that the sources emit, by the place a person meets them. */
export const emittedCodes = {
  file: (): string[] => [
    ...filesUnder('apps/scheduler/src/lead-file').flatMap(codesIn),
    ...matches('apps/scheduler/src/lead-file/lead-file-problem.ts', /^ {2}\| '([a-z_]+)'/gm),
    ...filesUnder('apps/scheduler/src/use-cases').flatMap(codesIn),
  ],
  row: (): string[] =>
    filesUnder('apps/scheduler/src/use-cases').flatMap((file) => [
      ...matches(file, /(?<!\w)\['([a-z_]+)'\]/g),
      ...(read(file).includes('reasons: [bar]') ? barSchema.options : []),
    ]),
  intake: (): string[] => [
    ...readdirSync(join(root, 'libs/state-store/src/scripts'))
      .filter((file) => file.startsWith('accept-draft-'))
      .flatMap((file) => matches(`libs/state-store/src/scripts/${file}`, /'\["([a-z_]+)"\]'/g)),
    ...matches('apps/gatekeeper/src/use-cases/submit-draft.ts', /(?:\[\] |unreadable): \['([a-z_]+)'\]/g),
  ],
  leftOut: (): string[] => [
    ...matches('libs/dispatch-core/src/batch-scope.ts', /return '([a-z_]+)'/g),
    ...['freeze-batch', 'freeze-candidates'].flatMap((name) =>
      matches(`apps/gatekeeper/src/use-cases/${name}.ts`, /reason: [`']([a-z_]+)(?:\$\{|')/g),
    ),
  ],
  dispatch: (): string[] => [
    ...filesUnder('apps/gatekeeper/src/providers').flatMap(codesIn),
    ...filesUnder('libs/contracts/src/provider-outcomes').flatMap(codesIn),
    ...[
      'dispatch-action',
      'reconcile-unknown',
      'decide-unknown',
      'take-back-action',
      'carry-out-take-backs',
    ].flatMap((name) => codesIn(`apps/gatekeeper/src/use-cases/${name}.ts`)),
    ...matches('apps/gatekeeper/src/use-cases/find-barred-held.ts', /reason: '([a-z_]+)'/g),
    ...['instantly', 'heyreach'].flatMap((provider) =>
      matches(
        `apps/gatekeeper/src/providers/${provider}/campaign-control.ts`,
        /(?:about\([^,]+, |refused\(|refused\(\s+)'([a-z_]+)'/g,
      ),
    ),
    ...codesIn('apps/gatekeeper/src/use-cases/activate-batch.ts'),
    ...admitActivationReasons(),
    ...luaReasons(),
  ],
};
