import type { Message } from '@caio/contracts';
import { OddCharacterNote, VisibleText } from './visible-text.tsx';

const nameAndAddress = (name: string | null, address: string): string =>
  name === null || name === '' ? address : `${name} <${address}>`;

/** The message as its recipient gets it: plain text, every character of it. */
export const MessageSheet = ({ message }: { readonly message: Message }) => (
  <article class="sheet" aria-label="The message as it will be sent">
    <dl class="sheet-head">
      <dt>From</dt>
      <dd>
        <VisibleText text={nameAndAddress(message.sender.name, message.sender.email)} />
      </dd>
      <dt>To</dt>
      <dd>
        <VisibleText text={nameAndAddress(message.recipient.name, message.recipient.email)} />
      </dd>
      <dt>Subject</dt>
      <dd class="sheet-subject">
        <VisibleText text={message.subject} />
      </dd>
    </dl>
    <div class="sheet-body" data-part="body">
      <VisibleText text={message.body} />
    </div>
    <div class="sheet-footer" data-part="footer">
      <VisibleText text={message.footer} />
    </div>
    <OddCharacterNote
      texts={[
        message.subject,
        message.body,
        message.footer,
        message.sender.name,
        message.sender.email,
        message.recipient.name ?? '',
        message.recipient.email,
      ]}
    />
  </article>
);
