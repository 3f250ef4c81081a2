import type { ActionStore } from '@caio/state-store';
import { createDecideUnknown } from './use-cases/decide-unknown.ts';
import { createShowUnknown, type ShowUnknownDependencies } from './use-cases/show-unknown.ts';

/** What a person sees of actions nobody knows the fate of, and what they may say about one. */
export const createUnknownParts = (deps: ShowUnknownDependencies & { readonly actions: ActionStore }) => {
  const showUnknown = createShowUnknown(deps);
  return { showUnknown, decideUnknown: createDecideUnknown({ ...deps, showUnknown }) };
};

export type UnknownParts = ReturnType<typeof createUnknownParts>;
