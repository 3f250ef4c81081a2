import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  formatServicePublicKeys,
  generateServiceKeyPair,
  parseServicePrivateKey,
  parseServicePublicKeys,
  type PublicJwk,
} from '@caio/auth';
import { type ServiceName, serviceNameSchema } from '@caio/contracts';
import { z } from 'zod';
import type { DataFolder } from './data-folder.ts';
import { systemErrorCode } from './system-error-code.ts';

const randomText = (lengthMin: number) =>
  z.string('is missing').min(lengthMin, `is shorter than ${lengthMin} characters`);

const privateKeySchema = z.string('is missing').superRefine((text, context) => {
  const parsed = parseServicePrivateKey(text);
  if (!parsed.ok) context.addIssue({ code: 'custom', message: parsed.problem });
});

const publicKeysSchema = z.string('is missing').superRefine((text, context) => {
  const parsed = parseServicePublicKeys(text);
  if (!parsed.ok) context.addIssue({ code: 'custom', message: parsed.problem });
});

const secretsSchema = z.object(
  {
    privateKeys: z.record(serviceNameSchema, privateKeySchema, 'is missing'),
    publicKeys: publicKeysSchema,
    pseudonymKey: randomText(32),
    auditSealKey: randomText(32),
    unsubscribeSecret: randomText(32),
    sandboxApiKey: randomText(16),
  },
  'is not an object',
);

/** What a stack's services share or prove themselves with. */
export type StackSecrets = z.infer<typeof secretsSchema>;

/** The kept secrets cannot be used. The message names the file, what is wrong with it and what to do; no value. */
class SecretsDamaged extends Error {
  constructor(file: string, problem: string) {
    super(
      `The keys of the local stack cannot be used: ${problem}. Mend that file or put a copy of it back; the stored data belongs to the keys in it, so nothing was replaced. To begin from nothing, delete the whole folder ${dirname(dirname(file))}.`,
    );
    this.name = 'SecretsDamaged';
  }
}

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

const readText = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT') return null;
    throw new SecretsDamaged(file, `${file} cannot be read (${code ?? 'unknown'})`);
  }
};

const parseJson = (file: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new SecretsDamaged(file, `${file} is not valid JSON`);
  }
};

/**
 * The laptop's own secrets, made once: a store filled under one pseudonym key is useless under another, so a file
 * that cannot be used, or is gone while its data is not, is never replaced.
 *
 * @throws SecretsDamaged
 */
export const keepStackSecrets = ({ secretsFile: file, redis }: DataFolder): StackSecrets => {
  const text = readText(file);
  if (text !== null) {
    const parsed = secretsSchema.safeParse(parseJson(file, text));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const name = issue?.path.join('.') ?? '';
    const place = name === '' ? file : `${name} in ${file}`;
    throw new SecretsDamaged(file, `${place} ${issue?.message ?? 'cannot be used'}`);
  }
  if (existsSync(redis)) {
    throw new SecretsDamaged(file, `${file} is missing, and ${redis} holds data that belongs to it`);
  }
  const secrets = createStackSecrets();
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
  return secrets;
};
