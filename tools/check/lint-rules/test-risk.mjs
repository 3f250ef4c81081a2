/** @type {import('eslint').Rule.RuleModule} */
export const testRisk = {
  meta: {
    type: 'suggestion',
    messages: {
      missing: 'Begin a test file with a comment that names the risk it removes: "// Risk: …".',
    },
  },
  create(context) {
    return {
      Program(node) {
        const [first] = context.sourceCode.getAllComments();
        if (!first || first.loc?.start.line !== 1) context.report({ node, messageId: 'missing' });
      },
    };
  },
};
