// Risk: what is approved is not what is sent: a wrong key, a shared unsubscribe link, a header from a lead file.
import { describe, expect, test } from '@jest/globals';
import { messageSchema, textOf } from '@caio/contracts';
import { failedRules, guardDraft } from '../guards/guard-draft.ts';
import { companyPack, leadWith } from '../testing/company-packs.ts';
import { composeMessage } from './compose-message.ts';
import type { ComposeRequest } from './compose-message.ts';

const pack = companyPack('harbor-pine');
const request = (more: Partial<ComposeRequest> = {}): ComposeRequest => ({
  subject: 'Recruiter hours',
  body: 'Hi Dana,\r\n\r\nA text.\r\n',
  lead: leadWith(),
  pack,
  motion: 'outbound',
  channel: 'email',
  route: 'cold_email',
  unsubscribeUrl: 'https://mail.harborpine.example/u/dana',
  ...more,
});
const messageOf = (more: Partial<ComposeRequest> = {}) => {
  const composed = composeMessage(request(more));
  if (!composed.ok) throw new Error(composed.message);
  return composed.message;
};

describe('an e-mail message', () => {
  test('has everything that leaves, from the pack and this recipient', () => {
    const message = messageOf();
    expect(messageSchema.parse(message)).toEqual(message);
    expect(message).toMatchObject({
      recipientKey: 'email:dana.ortiz@bluewater.example',
      recipient: { email: 'dana.ortiz@bluewater.example', name: 'Dana Ortiz' },
      sender: { name: 'Rowan Ellery', email: 'rowan@harborpine.example' },
      senderKey: 'email:rowan@harborpine.example',
      headers: {
        'List-Unsubscribe': '<https://mail.harborpine.example/u/dana>',
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
      settings: { trackOpens: false, trackClicks: false, followUps: 0, stopOnReply: true },
    });
    expect(message.body).toBe('Hi Dana,\n\nA text.\n');
    expect(textOf(message)).toBe(`${message.body}\n\n${message.footer}`);
    expect(message.footer).toContain('https://mail.harborpine.example/u/dana');
    expect(message.footer).toContain(pack.data.company.postalAddress);
  });

  test('has its own unsubscribe link per recipient', () => {
    const other = messageOf({ unsubscribeUrl: 'https://mail.harborpine.example/u/marcus' });
    expect(other.footer).toContain('/u/marcus');
    expect(other.footer).not.toContain('/u/dana');
  });

  test('takes a given footer and sender as they are, for the guards to judge', () => {
    const sender = { name: 'Somebody', email: 'somebody@elsewhere.example' };
    const message = messageOf({ footer: 'Just this', sender });
    expect(message).toMatchObject({
      footer: 'Just this',
      sender,
      senderKey: 'email:somebody@elsewhere.example',
    });
  });

  test('lets no line of a lead file into a name', () => {
    const lead = leadWith({
      firstName: 'Dana\r\nBcc: everyone@x.example',
      lastName: 'Or\u0000tiz\u202e',
      company: 'Blue\nwater',
    });
    const { recipient } = messageOf({ lead });
    expect(recipient.name).toBe('Dana Bcc: everyone@x.example Or tiz');
    expect(recipient.company).toBe('Blue water');
  });

  test('names a recipient by the canonical key', () => {
    const lead = leadWith({ email: '  Dana.Ortiz@BLUEWATER.example ' });
    expect(messageOf({ lead }).recipientKey).toBe('email:dana.ortiz@bluewater.example');
  });

  test.each([null, '', 'dana at bluewater', 'dana@localhost', 'a@b@c.example'])(
    'cannot go to %j',
    (email) => {
      expect(composeMessage(request({ lead: leadWith({ email }) }))).toMatchObject({
        ok: false,
        ruleId: 'recipient_unreachable',
      });
    },
  );

  test.each(['rowan', '   ', 'rowan at harborpine', 'a\n@b'])(
    'from %j is kept, for the guards to refuse',
    (email) => {
      const message = messageOf({ sender: { name: 'Rowan Ellery', email } });
      expect(messageSchema.parse(message)).toEqual(message);
      const results = guardDraft({
        message,
        claims: [],
        lead: leadWith(),
        pack,
        fingerprint: '',
        rejectedFingerprints: [],
        rejectionCount: 0,
        rejection: { memoryDays: 30, blockAfter: 2 },
      });
      expect(failedRules(results)).toContain('wrong_sender');
    },
  );

  test.each(['', 'u/dana', 'javascript:alert(1)', 'https://x.example/ a', 'https://x.example/"'])(
    'is never built with %j for an unsubscribe link',
    (unsubscribeUrl) => {
      expect(() => composeMessage(request({ unsubscribeUrl }))).toThrow(/absolute http/);
    },
  );
});

describe('a LinkedIn message', () => {
  test('is keyed by the profile and has neither footer nor link nor mail headers', () => {
    const message = messageOf({
      channel: 'linkedin',
      route: 'cold_linkedin',
      lead: leadWith({ email: null }),
    });
    expect(message.recipientKey).toBe('linkedin:dana-ortiz-example');
    expect(message).toMatchObject({ footer: '', unsubscribeUrl: '', headers: {} });
    expect(textOf(message)).toBe(message.body);
    expect(messageSchema.parse(message)).toEqual(message);
  });

  test('needs a profile', () => {
    const lead = leadWith({ linkedinUrl: 'https://www.linkedin.com/company/bluewater' });
    expect(composeMessage(request({ channel: 'linkedin', lead }))).toMatchObject({
      ruleId: 'recipient_unreachable',
    });
  });
});
