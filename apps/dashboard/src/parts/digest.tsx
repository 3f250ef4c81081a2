import { useState } from 'preact/hooks';

const shownLength = 12;

/** The start of a digest, enough to tell two apart at a glance. */
export const shortDigest = (digest: string): string => digest.slice(0, shownLength);

/** A digest in short; a press copies all of it. */
export const Digest = ({ digest, what }: { readonly digest: string; readonly what: string }) => {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(digest);
    setCopied(true);
  };
  return (
    <button
      type="button"
      class="digest"
      title={`${what}: ${digest}`}
      onClick={() => void copy().catch(() => setCopied(false))}
    >
      <span class="visually-hidden">The {what} starts with </span>
      <code>{shortDigest(digest)}</code>
      <span class="digest-note">{copied ? 'copied' : 'copy'}</span>
    </button>
  );
};
