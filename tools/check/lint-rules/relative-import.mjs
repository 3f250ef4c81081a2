import { relative, resolve, dirname, sep } from 'node:path';
import { rootOf } from './root-of.mjs';

const NAMED_FILE = /\.(ts|tsx|mjs|cjs|js|lua|json|css|svg)$/;

/** @type {import('eslint').Rule.RuleModule} */
export const relativeImport = {
  meta: {
    type: 'problem',
    messages: {
      ending: 'Name the file with its ending: "{{source}}.ts".',
      outside:
        'This leaves {{project}}. Import the other package by its name, and export there what is missing.',
    },
  },
  create(context) {
    /** @param {import('eslint').Rule.Node & { source?: { value?: unknown } | null }} node */
    const check = (node) => {
      const source = node.source?.value;
      if (typeof source !== 'string' || !/^\.{1,2}(\/|$)/.test(source)) return;
      if (!NAMED_FILE.test(source)) context.report({ node, messageId: 'ending', data: { source } });
      const from = projectOf(relative(rootOf(context), context.filename));
      const to = projectOf(relative(rootOf(context), resolve(dirname(context.filename), source)));
      if (from !== to) context.report({ node, messageId: 'outside', data: { project: from } });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};

/**
 * The workspace package a path belongs to: `apps/x`, `libs/x`, `tools` or the root.
 *
 * @param {string} path
 */
function projectOf(path) {
  const parts = path.split(sep);
  if (parts[0] === 'apps' || parts[0] === 'libs') return `${parts[0]}/${parts[1]}`;
  return parts[0] === 'tools' ? 'tools' : 'the repository root';
}
