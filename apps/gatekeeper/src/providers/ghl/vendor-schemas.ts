import { z } from 'zod';

/** The parts of GoHighLevel's answers that are relied on. Source: highlevel.stoplight.io, API v2, 2021-07-28. */

const text = z.string().nullish();

export const contactPageSchema = z.object({
  contacts: z.array(z.object({ id: z.string().min(1), email: text })),
});

/** A message that was not taken has no id, whatever else the answer says. */
export const sentMessageSchema = z.object({ messageId: z.string().min(1).optional() });

export const conversationPageSchema = z.object({
  conversations: z.array(z.object({ id: z.string().min(1), contactId: text })),
});

export const messagePageSchema = z.object({
  messages: z.object({
    nextPage: z.boolean().nullish(),
    lastMessageId: text,
    messages: z.array(
      z.object({ id: z.string().min(1), messageType: text, direction: text, dateAdded: text }),
    ),
  }),
});

export const emailSchema = z.object({
  id: z.string().min(1),
  subject: text,
  body: text,
  from: text,
  to: z.array(z.string()).nullish(),
});
export type VendorEmail = z.infer<typeof emailSchema>;

export const vendorErrorSchema = z.object({ message: z.union([z.string(), z.array(z.string())]) });
