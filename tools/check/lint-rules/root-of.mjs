/**
 * The repository's root. ESLint's own working folder will not do: Nx lints each project from inside it.
 *
 * @param {import('eslint').Rule.RuleContext} context
 * @returns {string}
 */
export function rootOf(context) {
  const { repositoryRoot } = context.settings;
  return typeof repositoryRoot === 'string' ? repositoryRoot : context.cwd;
}
