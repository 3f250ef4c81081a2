import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import { personKeySchema } from '@caio/contracts';

const lengthMin = 32;
const ivBytes = 12;
const tagBytes = 16;
const blockBytes = 64;
const version = Buffer.from([1]);
const context = Buffer.from('caio unsubscribe link 1', 'utf8');

export interface UnsubscribeTokens {
  /** The url-safe token of a person; the same person always gets the same one while the first secret stays. */
  issue(personKey: string): string;
  /** The person a token names, or null when no known secret made it. */
  verify(token: string): string | null;
}

interface Keys {
  encryption: Buffer;
  nonce: Buffer;
}

const derive = (secret: string): Keys => {
  const bytes = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), context, 64));
  return { encryption: bytes.subarray(0, 32), nonce: bytes.subarray(32) };
};

const nonceOf = (keys: Keys, plain: Buffer): Buffer =>
  createHmac('sha256', keys.nonce).update(plain).digest().subarray(0, ivBytes);

/** Pads with zero bytes to a multiple of 64, so that a link does not show how long the address is. */
const pad = (personKey: string): Buffer => {
  const bytes = Buffer.from(personKey, 'utf8');
  if (bytes.includes(0)) throw new Error('A person key holds no zero byte.');
  const padded = Buffer.alloc(Math.max(1, Math.ceil(bytes.length / blockBytes)) * blockBytes);
  bytes.copy(padded);
  return padded;
};

const open = (keys: Keys, sealed: Buffer): string | null => {
  const iv = sealed.subarray(1, 1 + ivBytes);
  const decipher = createDecipheriv('aes-256-gcm', keys.encryption, iv, { authTagLength: tagBytes });
  decipher.setAAD(version);
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  try {
    const plain = Buffer.concat([decipher.update(sealed.subarray(1 + ivBytes, -tagBytes)), decipher.final()]);
    const end = plain.indexOf(0);
    const personKey = personKeySchema.safeParse(
      plain.subarray(0, end === -1 ? plain.length : end).toString('utf8'),
    );
    return personKey.success ? personKey.data : null;
  } catch {
    return null;
  }
};

/**
 * Tokens for unsubscribe links: AES-256-GCM over the padded person key, the nonce an HMAC of that plaintext
 * under a key of its own (the construction of SIV). Links must be deterministic, because the link is part of
 * the text whose digest is approved, and must not reveal the address.
 *
 * Why a derived nonce is safe here: GCM breaks when one nonce meets two different plaintexts. An HMAC gives
 * equal nonces only to equal plaintexts, which encrypt to the same token and reveal nothing but that equality;
 * two different people meet on 96 bits with a chance below 2⁻⁴⁸ even after 2²⁴ people per secret.
 *
 * `secrets`: the first issues, all verify; at least 32 characters each. Throws on a shorter one.
 */
export const createUnsubscribeTokens = (options: { secrets: readonly string[] }): UnsubscribeTokens => {
  if (options.secrets.some((secret) => secret.length < lengthMin)) {
    throw new Error(`An unsubscribe secret needs at least ${lengthMin} characters.`);
  }
  const known = options.secrets.map(derive);
  const [issuing] = known;
  if (issuing === undefined) throw new Error('Unsubscribe links need at least one secret.');

  return {
    issue: (personKey) => {
      const plain = pad(personKeySchema.parse(personKey));
      const iv = nonceOf(issuing, plain);
      const cipher = createCipheriv('aes-256-gcm', issuing.encryption, iv, { authTagLength: tagBytes });
      cipher.setAAD(version);
      const sealed = [cipher.update(plain), cipher.final()];
      return Buffer.concat([version, iv, ...sealed, cipher.getAuthTag()]).toString('base64url');
    },
    verify: (token) => {
      if (token.length > 2_000 || !/^[A-Za-z0-9_-]+$/.test(token)) return null;
      const sealed = Buffer.from(token, 'base64url');
      // A second spelling of the same bytes is refused: one person, one link.
      if (sealed.toString('base64url') !== token) return null;
      if (sealed[0] !== version[0] || sealed.length < 1 + ivBytes + blockBytes + tagBytes) return null;
      for (const keys of known) {
        const personKey = open(keys, sealed);
        if (personKey !== null) return personKey;
      }
      return null;
    },
  };
};
