import { createHmac } from 'node:crypto';

const keyLengthMin = 32;

/**
 * Names a person in the audit without naming them: HMAC-SHA256 (lower-case hex) of the person key under a key
 * kept outside the store, so that erasing the key's records erases the person while the audit still verifies.
 * The prefix keeps these apart from any other use of the same key. Throws when the key is under 32 characters.
 */
export const createPseudonymiser = (options: { key: string }): ((personKey: string) => string) => {
  if (options.key.length < keyLengthMin) {
    throw new Error(`A pseudonym key needs at least ${keyLengthMin} characters.`);
  }
  return (personKey) =>
    createHmac('sha256', options.key)
      .update('caio person pseudonym 1\0')
      .update(personKey, 'utf8')
      .digest('hex');
};
