import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Inngest loads its async context with `import()`, which Jest's CommonJS does not have: it would warn and run without
 * one, unlike the bundle in production. Given here is what its own loader makes there.
 */
const storage = new AsyncLocalStorage<unknown>();
Reflect.set(globalThis, Symbol.for('inngest:als'), {
  promise: Promise.resolve(storage),
  resolved: storage,
  isFallback: false,
});
