export { describeApi } from './api-page.ts';
export { describeCommandLine } from './command-line-page.ts';
export { variablesOf } from './configuration.ts';
export { describeConfiguration } from './configuration-page.ts';
export { describeEnvironmentExample } from './environment-example.ts';
export { describeGuards } from './guards-page.ts';
export { describeReasonCodes } from './reason-codes-page.ts';
export { describeStagingExample } from './staging-example.ts';
