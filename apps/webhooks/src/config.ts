import { secretField } from '@caio/service-kit';
import { z } from 'zod';

/** What the webhooks service reads from its environment beside what every service does. */
export const webhooksVariables = z.object({
  UNSUBSCRIBE_SECRET: secretField({ lengthMin: 32, fix: 'Set the same random text as the gatekeeper has.' }),
  UNSUBSCRIBE_SECRET_PREVIOUS: secretField({
    lengthMin: 32,
    fix: 'Set the former secret while links made with it are still in mailboxes, or leave it out.',
  }).optional(),
});
