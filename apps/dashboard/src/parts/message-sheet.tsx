import type { Message } from '@caio/contracts';
import { LeadText, OddCharacterNote, VisibleLine, VisibleText } from './visible-text.tsx';

const Party = ({ name, address }: { readonly name: string | null; readonly address: string }) =>
  name === null || name === '' ? (
    <LeadText text={address} />
  ) : (
    <>
      <LeadText text={name} /> &lt;
      <LeadText text={address} />
      &gt;
    </>
  );

/** The message as its recipient gets it: plain text, every character of it. */
export const MessageSheet = ({ message }: { readonly message: Message }) => (
  <article class="sheet" aria-label="The message as it will be sent">
    <dl class="sheet-head">
      <dt>From</dt>
      <dd>
        <Party name={message.sender.name} address={message.sender.email} />
      </dd>
      <dt>To</dt>
      <dd>
        <Party name={message.recipient.name} address={message.recipient.email} />
      </dd>
      <dt>Subject</dt>
      <dd class="sheet-subject">
        <VisibleLine line={message.subject} />
      </dd>
    </dl>
    <div class="sheet-body" data-part="body">
      <VisibleText text={message.body} />
    </div>
    <div class="sheet-footer" data-part="footer">
      <VisibleText text={message.footer} />
    </div>
    <OddCharacterNote
      lines={[message.subject]}
      texts={[
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
