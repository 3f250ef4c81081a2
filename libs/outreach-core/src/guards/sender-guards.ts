import { fold, foldShape, wordsOf } from '../copy-pack/folded-text.ts';
import { emailKeyOf } from '../identity/email-key.ts';
import { listed } from './guard-input.ts';
import type { GuardCheck } from './guard-input.ts';

const sameWords = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((word, index) => word === b[index]);

/** The signed name is the sender's: in full, or the first name alone; a role or company may follow a mark. */
const signsAs = (signature: string, name: string): boolean => {
  const head = foldShape(signature).split(/\s*[,|(/]|\s-\s/)[0] ?? '';
  const signed = wordsOf(head);
  const full = wordsOf(name);
  return signed.length > 0 && (sameWords(signed, full) || sameWords(signed, full.slice(0, 1)));
};

const introduction =
  /\b(?:[Mm]y name is|[Tt]his is|I am|I'm) (?<name>\p{Lu}\p{Ll}+(?: \p{Lu}[\p{L}'-]+)?)(?= (?:from|at|with|of|and)\b|[,.])/gu;

export const checkSender: GuardCheck = ({ message, pack, anatomy }) => {
  const { sender } = message;
  const key = emailKeyOf(sender.email);
  const known = pack.data.senders.find(({ email }) => fold(email) === fold(sender.email));
  const introduced = [...foldShape(anatomy.prose).matchAll(introduction)].flatMap(
    (found) => found.groups?.['name'] ?? [],
  );
  return listed([
    ...(known === undefined ? ["the From address is none of the pack's senders"] : []),
    ...(known !== undefined && known.name !== sender.name
      ? ['the From name does not belong to its address']
      : []),
    ...(key.ok && key.personKey === message.senderKey
      ? []
      : ['the sender key is not that of the From address']),
    ...(anatomy.signature === null || signsAs(anatomy.signature, sender.name)
      ? []
      : [`the text is signed “${anatomy.signature.slice(0, 40)}”, the sender is ${sender.name}`]),
    ...introduced
      .filter((name) => !signsAs(name, sender.name))
      .map((name) => `the text speaks as “${name.slice(0, 40)}”, the sender is ${sender.name}`),
  ]);
};

export const checkSignature: GuardCheck = ({ message, pack, anatomy }) => {
  if (!pack.data.guards.signatureRequired || message.channel !== 'email') return null;
  return anatomy.signature === null ? 'nobody signs the text' : null;
};
