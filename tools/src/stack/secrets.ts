import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { formatServicePublicKeys, generateServiceKeyPair, type PublicJwk } from '@caio/auth';
import { type ServiceName, serviceNameSchema } from '@caio/contracts';
import { z } from 'zod';

const secretsSchema = z.object({
  privateKeys: z.record(serviceNameSchema, z.string()),
  publicKeys: z.string(),
  pseudonymKey: z.string().min(32),
  auditSealKey: z.string().min(32),
  unsubscribeSecret: z.string().min(32),
  sandboxApiKey: z.string().min(16),
});

/** What a stack's services share or prove themselves with. */
export type StackSecrets = z.infer<typeof secretsSchema>;

const random = (): string => randomBytes(33).toString('base64url');

export const createStackSecrets = (): StackSecrets => {
  const pairs = serviceNameSchema.options.map((name) => [name, generateServiceKeyPair()] as const);
  const privateKeys = Object.fromEntries(pairs.map(([name, { privateKey }]) => [name, privateKey]));
  const publicKeys: Partial<Record<ServiceName, PublicJwk>> = {};
  for (const [name, { publicKey }] of pairs) publicKeys[name] = publicKey;
  return secretsSchema.parse({
    privateKeys,
    publicKeys: formatServicePublicKeys(publicKeys),
    pseudonymKey: random(),
    auditSealKey: random(),
    unsubscribeSecret: random(),
    sandboxApiKey: random(),
  });
};

/** The laptop's own secrets, made once: a store filled under one pseudonym key is useless under another. */
export const keepStackSecrets = (file: string): StackSecrets => {
  if (existsSync(file)) return secretsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const secrets = createStackSecrets();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return secrets;
};
