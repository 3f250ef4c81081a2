// Risk: a deployment that cannot work, leaks a secret or opens an inner door is found out on the machine it was meant for.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { repositoryRoot } from '../../process/repository-root.mjs';
import { compareDeployment, findDeploymentProblems } from './check-deployment.mjs';
import { type Facts, readFacts } from './facts.mjs';

let facts: Facts;
let root: string;
const libraries = [
  'auth',
  'contracts',
  'dispatch-core',
  'outreach-core',
  'service-kit',
  'state-store',
  'test-kit',
  'trace-envelope',
];

beforeAll(async () => {
  facts = await readFacts(repositoryRoot);
});

/** Everything a deployment is made from, with bundles that were built from one source each. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'caio-deployment-'));
  const files = [
    ...['docker-compose.yml', '.dockerignore', '.npmrc', '.env.example', '.env.staging.example'],
    ...['package.json', 'tools/package.json', 'tools/bin', 'tools/build', 'tools/process', 'config'],
    ...libraries.map((name) => `libs/${name}/package.json`),
    ...[...facts.services, 'dashboard'].flatMap((name) =>
      ['package.json', 'Dockerfile', 'railway.json'].map((file) => `apps/${name}/${file}`),
    ),
  ];
  for (const file of files.filter((path) => existsSync(join(repositoryRoot, path))))
    cpSync(join(repositoryRoot, file), join(root, file), { recursive: true });
  write('package-lock.json', '{}');
  for (const service of facts.services) {
    write(`dist/${service}/main.cjs`, '');
    write(`dist/${service}/main.cjs.map`, '');
    write(
      `dist/${service}/inputs.json`,
      JSON.stringify({ [`apps/${service}/src/main.ts`]: '', 'libs/auth/src/index.ts': '' }),
    );
  }
  write('dist/gateway/desk/index.html', '');
  write('dist/gateway/desk/inputs.json', JSON.stringify({ 'apps/dashboard/src/main.tsx': '' }));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function change(path: string, before: string, after: string): void {
  const text = readFileSync(join(root, path), 'utf8');
  expect(text).toContain(before);
  write(
    path,
    text.replace(before, () => after),
  );
}

const problems = () => compareDeployment({ root, facts });

test('what ships is sound', () => {
  expect(findDeploymentProblems({ root, facts })).toEqual([]);
});

const compose = 'docker-compose.yml';
const webhooks = 'apps/webhooks/Dockerfile';
const gateway = 'apps/gateway/Dockerfile';
const railway = 'apps/scheduler/railway.json';

test.each([
  // The compose file.
  [
    compose,
    '    networks:\n      - inside\n    # Every write',
    "    ports:\n      - '6379:6379'\n    networks:\n      - inside\n    # Every write",
    'redis publishes 6379:6379',
  ],
  [
    compose,
    '${GATEWAY_BIND:-127.0.0.1}:',
    '${GATEWAY_BIND:-0.0.0.0}:',
    'publishes 0.0.0.0:8080:8080 unless told otherwise',
  ],
  [
    compose,
    '${GATEWAY_BIND:-127.0.0.1}:${GATEWAY_PORT:-8080}:8080',
    '8080:8080',
    'the gateway publishes 8080:8080',
  ],
  [compose, '    user: redis\n', '    user: root\n', 'redis runs as root'],
  [compose, '    user: redis\n', '', 'redis has no user'],
  [compose, "user: '1000:1000'", "user: '0:0'", 'inngest runs as root'],
  [compose, '  read_only: true\n', '', 'may write to its own files'],
  [compose, '  restart: unless-stopped\n', '', 'stays down after a crash'],
  [compose, 'stop_grace_period: 45s', 'stop_grace_period: 9s', 'is killed after 9 s'],
  [compose, 'condition: service_healthy', 'condition: service_started', 'to be started, not to be healthy'],
  [compose, '    internal: true\n', '    internal: false\n', 'in a network that leads out: inside'],
  [
    compose,
    '      - inside\n\n  scheduler',
    '      - inside\n      - door\n\n  scheduler',
    'gatekeeper is in a network that leads out: door',
  ],
  [
    compose,
    'dockerfile: apps/webhooks/Dockerfile',
    'dockerfile: apps/webhooks/Containerfile',
    'which does not exist',
  ],
  [compose, 'config/policy/local.json', 'config/policy/gone.json', 'there is no such file'],
  [compose, '- webhooks-data:/data', '- ./records:/data', 'mounts ./records, which does not exist'],
  [compose, '- webhooks-data:/data', '- lost-data:/data', 'which is not declared'],
  [compose, '  HOST: 0.0.0.0\n', '  HOST: 0.0.0.0\n  HOTS: 0.0.0.0\n', 'given HOTS, which it does not read'],
  [
    compose,
    '      WEBHOOKS_URL: http://webhooks:8083\n',
    '',
    'gateway is not given WEBHOOKS_URL, which it cannot start without',
  ],
  [compose, '      EMERGENCY_STOP: ${EMERGENCY_STOP:-}\n', '', 'setting it in .env would do nothing'],
  [compose, '${DRAIN_MS:-}', '${DRAIN_TIME:-}', '.env.example: does not name DRAIN_TIME'],
  [
    compose,
    '${DASHBOARD_AUTH_TOKEN:-}',
    '${DASHBOARD_AUTH_TOKEN:-let-me-in-please}',
    'DASHBOARD_AUTH_TOKEN has a default, and it is a secret',
  ],
  [
    compose,
    '${PSEUDONYM_KEY:?type npm run caio -- env init}',
    'a-pseudonym-key',
    'the value of PSEUDONYM_KEY of gatekeeper is written down',
  ],
  [
    compose,
    'LEAD_INBOX_DIR: /data/inbox',
    `LEAD_INBOX_DIR: ${'Zm9v'.repeat(11)}`,
    'holds what looks like a secret',
  ],
  [
    compose,
    '${PSEUDONYM_KEY:?type npm run caio -- env init}',
    '${PSEUDONYM_KEY:-}',
    '.env.example: asks for PSEUDONYM_KEY',
  ],
  [compose, '--appendonly yes', '--appendonly no', 'keeps no append-only file'],
  [compose, '--maxmemory-policy noeviction', '--maxmemory-policy allkeys-lru', 'may evict records'],
  [compose, '      - redis-data:/data\n', '      - redis-data:/backup\n', 'redis has no volume at /data'],
  [compose, '${JOB_LOCK_MS:-}', '${JOB_LOCK_MS:-20000}', 'JOB_LOCK_MS is used in different ways'],
  // The images.
  [webhooks, 'USER node\n', '', 'runs as root'],
  [webhooks, 'USER node\n', 'USER node\nUSER root\n', 'runs as root'],
  [webhooks, 'FROM node:24-slim\n', 'FROM node:24\n', 'starts from node:24, not'],
  [webhooks, 'WORKDIR /app\n', 'ARG RELEASE\nWORKDIR /app\n', 'needs the build argument RELEASE'],
  [webhooks, '/health/ready`', '/healthz`', 'asks for its health at /healthz'],
  [
    webhooks,
    'CMD ["node", "dist/webhooks/main.cjs"]',
    'CMD node dist/webhooks/main.cjs',
    'lets SIGTERM arrive',
  ],
  [gateway, ' --only dashboard', '', 'does not build dashboard'],
  ['apps/gateway/railway.json', '"/apps/dashboard/**",', '', 'after a change of apps/dashboard/src/main.tsx'],
  [webhooks, 'EXPOSE 8083', 'EXPOSE 8080', 'exposes 8080, and it listens on 8083'],
  [webhooks, 'COPY libs/auth/package.json libs/auth/\n', '', 'installs without libs/auth/package.json'],
  [
    webhooks,
    'COPY tools/package.json tools/',
    'COPY tools/package.json tools/gone.json tools/',
    'copies tools/gone.json, which does not exist',
  ],
  [webhooks, ' && rm dist/webhooks/inputs.json', '', 'puts app/dist/webhooks/inputs.json into the image'],
  [
    webhooks,
    'USER node\n',
    'COPY libs libs\nUSER node\n',
    'it is neither the bundle nor data the service reads',
  ],
  [
    webhooks,
    'COPY --from=build /src/dist/webhooks dist/webhooks',
    'COPY --from=build /src/dist/web dist/webhooks',
    'copies /src/dist/web, and the build makes no such thing',
  ],
  [webhooks, 'PORT=8083 \\', 'PORT=8083 PSEUDONYM_KEY=x \\', 'sets PSEUDONYM_KEY, which is a secret'],
  [webhooks, 'RUN mkdir', 'RUN apt-get install -y curl && mkdir', 'installs in the image that runs'],
  [
    '.dockerignore',
    '**/node_modules\n',
    '**/node_modules\n**/package.json\n',
    'which .dockerignore leaves out',
  ],
  // Railway.
  [railway, '"/health/ready"', '"/api/health"', 'asks for its health at /api/health'],
  [railway, '"drainingSeconds": 45', '"drainingSeconds": 5', 'kills it after 5 s'],
  [railway, '"drainingSeconds": 45', '"drainingSeconds": "45"', 'deploy.drainingSeconds'],
  [railway, '"overlapSeconds"', '"overlappingSeconds"', 'overlappingSeconds'],
  [railway, 'apps/scheduler/Dockerfile', 'apps/schedular/Dockerfile', 'which does not exist'],
  [railway, '"/config/**",\n', '', 'after a change of config/x'],
  [railway, '"/libs/**"', '"libs/**"', 'patterns begin with /'],
  [railway, '"ALWAYS"', '"SOMETIMES"', 'deploy.restartPolicyType'],
  [railway, '"deploy": {', '"deploy": ', 'it: '],
  // The examples of an environment.
  ['.env.example', '\n# LOG_LEVEL=info', '\n# LOG_LEVELS=info', 'names LOG_LEVELS, which nothing reads'],
  ['.env.example', '\nREDIS_PASSWORD=', '\nREDIS_PASSWORD=hunter2', 'holds a value for REDIS_PASSWORD'],
  ['.env.staging.example', '\nPOLICY_FILE=', '\n# POLICY=', 'does not give the gatekeeper POLICY_FILE'],
  ['.env.staging.example', '{{webhooks.', '{{webhook.', 'refers to webhook, which is no service'],
  [
    '.env.staging.example',
    '\nAUDIT_SEAL_KEY=',
    '\nAUDIT_SEAL_KEY=written-down',
    'holds a value for AUDIT_SEAL_KEY',
  ],
  [
    '.env.staging.example',
    '\nINNGEST_REQUIRED=',
    '\nINNGEST_REQUIRE=',
    'gives the scheduler INNGEST_REQUIRE, which it does not read',
  ],
])('%s with %j in place of %j', (file, before, after, problem) => {
  change(file, before, after);
  expect(problems()).toContainEqual(expect.stringContaining(problem));
});

test.each([
  [compose, 'image: redis:7.4-bookworm', 'image: redis:latest', 'service-image-require-explicit-tag'],
  [compose, 'cap_drop:\n', 'cap_drops:\n', 'invalid-schema'],
  [compose, 'services:\n', 'services: {\n', 'invalid-yaml'],
])('%s with %j in place of %j does not pass the linter', (file, before, after, problem) => {
  change(file, before, after);
  expect(findDeploymentProblems({ root, facts })).toContainEqual(expect.stringContaining(problem));
});

test('a compose file that is gone', () => {
  rmSync(join(root, compose));
  expect(findDeploymentProblems({ root, facts })).toEqual([
    'docker-compose.yml: invalid-file: it is missing',
  ]);
});

test.each([
  [webhooks, 'apps/webhooks/Dockerfile: is missing'],
  [railway, 'apps/scheduler/railway.json: is missing'],
  ['dist/webhooks/main.cjs', 'has no bundle in the image that runs'],
  ['dist/gateway/desk', 'has no pages in the image that runs'],
  ['config/copy-pack/harbor-pine', 'there is no such folder'],
])('%s is gone', (file, problem) => {
  rmSync(join(root, file), { recursive: true });
  expect(problems()).toContainEqual(expect.stringContaining(problem));
});

test.each([
  ['dist/gateway/desk/app-1a2b.js', null],
  ['dist/gateway/desk/app-1a2b.css', null],
  ['dist/gateway/desk/source.ts', 'puts app/dist/gateway/desk/source.ts into the image'],
  ['dist/gateway/node_modules/x/index.js', 'packages are part of the bundle'],
  ['config/policy/.env', null],
  ['config/policy/.env.live', null],
  ['config/policy/local.test.json', 'it is a test'],
  ['config/policy/notes.txt', 'it is neither the bundle nor data'],
])('%s beside what is copied', (file, problem) => {
  write(file, '');
  const found = problems();
  if (problem === null) expect(found).toEqual([]);
  else expect(found).toContainEqual(expect.stringContaining(problem));
});

test('a new workspace, or a new source folder of a bundle, is noticed', () => {
  write('libs/new-library/package.json', '{}');
  write('dist/gateway/inputs.json', JSON.stringify({ 'plugins/x.ts': '' }));
  const found = problems();
  expect(found).toContainEqual(expect.stringContaining('installs without libs/new-library/package.json'));
  expect(found).toContainEqual(expect.stringContaining('after a change of plugins/x.ts'));
});

test('the gateway carries nothing of the other services', () => {
  change(gateway, 'COPY --from=build /src/dist/gateway dist/gateway', 'COPY --from=build /src/dist dist');
  expect(problems()).toContainEqual(
    expect.stringContaining('puts app/dist/webhooks/main.cjs into the image'),
  );
});
