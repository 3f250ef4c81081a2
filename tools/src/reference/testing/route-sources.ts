import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCatalogue, type ErrorCode, type ServiceName } from '@caio/contracts';
import ts from 'typescript';
import { root } from './service-apps.ts';

/** What one route file says without being run. */
export interface RouteSource {
  readonly file: string;
  readonly service: ServiceName;
  /** `POST /api/drafts` */
  readonly routes: readonly string[];
  readonly errorCodes: readonly ErrorCode[];
  readonly contractNames: readonly string[];
  readonly successStatuses: readonly number[];
}

const isErrorCode = (text: string): text is ErrorCode => Object.hasOwn(errorCatalogue, text);

const readSource = (service: ServiceName, file: string): RouteSource => {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(root, file), 'utf8'),
    ts.ScriptTarget.ES2022,
    true,
  );
  const routes: string[] = [];
  const errorCodes = new Set<ErrorCode>();
  const contractNames = new Set<string>();
  const statuses = new Set<number>();
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const bindings = node.importClause?.namedBindings;
      const from = ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text : '';
      if (from === '@caio/contracts' && bindings !== undefined && ts.isNamedImports(bindings))
        bindings.elements.forEach(({ name }) => contractNames.add(name.text));
      return;
    }
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const [first] = node.arguments;
      const method = node.expression.name.text.toUpperCase();
      if (/^(GET|POST|PUT|PATCH|DELETE)$/.test(method) && first !== undefined && ts.isStringLiteral(first))
        routes.push(`${method} ${first.text}`);
    }
    if (ts.isStringLiteral(node) && isErrorCode(node.text)) errorCodes.add(node.text);
    if (ts.isNumericLiteral(node) && /^2\d\d$/.test(node.text)) statuses.add(Number(node.text));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return {
    file,
    service,
    routes,
    errorCodes: [...errorCodes],
    contractNames: [...contractNames],
    successStatuses: [...statuses],
  };
};

/** Every `routes/<verb-noun>/route.ts` of the services behind the gateway. */
export const routeSources = (): RouteSource[] =>
  (['gatekeeper', 'scheduler', 'webhooks'] as const).flatMap((service) =>
    readdirSync(join(root, 'apps', service, 'src', 'routes'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => readSource(service, `apps/${service}/src/routes/${name}/route.ts`)),
  );

const httpFiles = [
  'http.ts',
  'barred-people-http.ts',
  'ramp-http.ts',
  'predecessor/pending-emails.ts',
  'predecessor/operator.ts',
];

/** The names of the schemas of requests and answers of routes. */
export const httpSchemaNames = (): ReadonlySet<string> => {
  const texts = httpFiles.map((file) => readFileSync(join(root, 'libs/contracts/src', file), 'utf8'));
  return new Set(
    [...texts.join('\n').matchAll(/^export const (\w+Schema)\b/gm)].map(([, name = '']) => name),
  );
};
