/** Every source file whose imports are followed. */
export const sourceGlobs = ['apps/*/src/**/*.{ts,tsx}', 'libs/*/src/**/*.ts', 'tools/**/*.{ts,mjs}'];
