import { channelParts, type Message, recipientAddressOf } from '@caio/contracts';
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

/** A part that the channel does not carry and that is empty, as it ought to be; one that is not is shown. */
const hasNo = (message: Message, part: 'subject' | 'footer'): boolean =>
  !channelParts[message.channel][part] && message[part] === '';

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
        <Party name={message.recipient.name} address={recipientAddressOf(message)} />
      </dd>
      {hasNo(message, 'subject') ? null : (
        <>
          <dt>Subject</dt>
          <dd class="sheet-subject">
            <VisibleLine line={message.subject} />
          </dd>
        </>
      )}
    </dl>
    <div class="sheet-body" data-part="body">
      <VisibleText text={message.body} />
    </div>
    {hasNo(message, 'footer') ? null : (
      <div class="sheet-footer" data-part="footer">
        <VisibleText text={message.footer} />
      </div>
    )}
    <OddCharacterNote
      lines={[message.subject]}
      texts={[
        message.body,
        message.footer,
        message.sender.name,
        message.sender.email,
        message.recipient.name ?? '',
        recipientAddressOf(message),
      ]}
    />
  </article>
);
