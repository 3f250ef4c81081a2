import { basename, dirname, relative } from 'node:path';
import { rootOf } from './root-of.mjs';

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/;
const FORBIDDEN_FOLDERS = ['utils', 'util', 'helpers', 'helper', 'common', 'shared', 'misc'];

/** @type {import('eslint').Rule.RuleModule} */
export const fileName = {
  meta: {
    type: 'suggestion',
    messages: {
      kebab: 'Name this file in kebab-case after its main export, like draft-store.ts.',
      folder:
        'A folder called "{{name}}" says nothing. Name it after what is in it, or move the file to where it is used.',
    },
  },
  create(context) {
    return {
      Program(node) {
        const path = relative(rootOf(context), context.filename);
        if (!KEBAB.test(basename(path))) context.report({ node, messageId: 'kebab' });
        const name = dirname(path)
          .split(/[\\/]/)
          .find((folder) => FORBIDDEN_FOLDERS.includes(folder.toLowerCase()));
        if (name) context.report({ node, messageId: 'folder', data: { name } });
      },
    };
  },
};
