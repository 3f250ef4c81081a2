import { builtinModules } from 'node:module';

// What may not be written where, each with what to do instead; eslint.config.mjs says where.

export const redisImports = {
  regex: '^(ioredis|bullmq)(/|$)',
  message:
    'Only libs/state-store talks to Redis. Take a store, a job queue or a connection from @caio/state-store or @caio/service-kit.',
};
export const packageInsides = {
  regex: '^@caio/[^/]+/',
  message: 'Import a package by its name alone. If its index lacks what you need, export it there.',
};
export const inputAndOutput = {
  regex: `^(node:|(${builtinModules.filter((name) => !name.startsWith('_')).join('|')})(/|$))`,
  message:
    'Contracts and cores do no input or output. Take the value as a parameter; the service or store has it.',
};
export const nodeInBrowser = {
  regex: '^node:',
  message: 'The dashboard runs in a browser, which has no Node modules. Use a web API.',
};
export const environmentImport = {
  name: 'node:process',
  importNames: ['env'],
  message: 'Read the environment once, in config.ts, and pass the typed value on.',
};

export const noTestShortcuts = [
  {
    selector: "NewExpression[callee.name='Promise'] CallExpression[callee.name='setTimeout']",
    message:
      'A test does not sleep. Wait for the condition with waitFor from @caio/test-kit, or for the event.',
  },
  {
    selector: 'ImportDeclaration[source.value=/^(node:)?timers\\u002Fpromises$/]',
    message:
      'A test does not sleep. Wait for the condition with waitFor from @caio/test-kit, or for the event.',
  },
  {
    selector:
      'MemberExpression[property.name=/^(skip|only|todo|failing)$/][object.name=/^(it|test|describe)$/]',
    message: 'A test runs or it goes. Mend it or delete it.',
  },
  {
    selector:
      'MemberExpression[property.name=/^(skip|only|todo|failing)$/][object.object.name=/^(it|test|describe)$/]',
    message: 'A test runs or it goes. Mend it or delete it.',
  },
  {
    selector: 'CallExpression[callee.name=/^(xit|xtest|xdescribe|fit|fdescribe)$/]',
    message: 'A test runs or it goes. Mend it or delete it.',
  },
  {
    selector:
      "MemberExpression[object.name='jest'][property.name=/^(mock|doMock|unstable_mockModule|setMock|createMockFromModule|requireMock)$/]",
    message:
      'Our own code is not mocked. Use the real thing with a real Redis, or pass a different implementation in.',
  },
  {
    selector:
      'CallExpression[callee.property.name=/^(toHaveBeenCalledTimes|toHaveBeenNthCalledWith|toBeCalledTimes)$/]',
    message: 'Count what happened, not who was called: assert the state, the answer or the messages sent.',
  },
  {
    selector:
      'CallExpression[callee.property.name=/^(toMatchSnapshot|toMatchInlineSnapshot|toThrowErrorMatchingSnapshot)$/]',
    message: 'Say what must hold instead of keeping a snapshot.',
  },
];

export const clockAndChance = [
  { object: 'Date', property: 'now', message: 'Time is a parameter here: take `now` from the caller.' },
  { object: 'Math', property: 'random', message: 'Chance is a parameter here: take it from the caller.' },
  { object: 'DateTime', property: 'now', message: 'Time is a parameter here: take `now` from the caller.' },
  { object: 'DateTime', property: 'local', message: 'Time is a parameter here: take `now` from the caller.' },
];
export const environment = {
  object: 'process',
  property: 'env',
  message: 'Read the environment once, in config.ts, and pass the typed value on.',
};

const WHERE_IT_IS = 'Contracts and cores run anywhere, also in a browser. Take the value as a parameter.';
const WHO_DOES_IT = 'Contracts and cores do no input or output and know no time. Do this in the caller.';
export const coreGlobals = [
  ...['process', 'Buffer', 'require', '__dirname', '__filename'].map((name) => ({
    name,
    message: WHERE_IT_IS,
  })),
  ...['fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'performance', 'crypto'].map(
    (name) => ({ name, message: WHO_DOES_IT }),
  ),
];
export const wallClock = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Time is a parameter here: take `now` from the caller.',
  },
  {
    selector: "CallExpression[callee.name='Date']",
    message: 'Time is a parameter here: take `now` from the caller.',
  },
];
export const exportAll = {
  selector: 'ExportAllDeclaration',
  message: 'Export by name, so that a reader sees what leaves this file.',
};
