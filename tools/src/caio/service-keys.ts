import { createStackSecrets } from '../stack/secrets.ts';

/** One private key per service and the public keys all of them share, as lines for a settings page. */
export const createServiceKeys = (): string => {
  const { privateKeys, publicKeys } = createStackSecrets();
  return [
    ...Object.entries(privateKeys).map(([service, key]) => `# ${service} only\nSERVICE_PRIVATE_KEY=${key}`),
    '# every service',
    `SERVICE_PUBLIC_KEYS=${publicKeys}`,
  ].join('\n');
};
