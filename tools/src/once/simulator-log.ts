import { request } from 'undici';
import { z } from 'zod';

const handOverSchema = z.object({
  campaignName: z.string(),
  email: z.string(),
  subject: z.string().nullable(),
  body: z.string().nullable(),
  actionId: z.string().nullable(),
  contentDigest: z.string().nullable(),
  correlationId: z.string().nullable(),
  /** What the campaign would make of the lead: the provider's own rendering, not what it was handed. */
  wouldMail: z.object({
    from: z.string().nullable(),
    subject: z.string(),
    body: z.string(),
    openTracking: z.boolean(),
    linkTracking: z.boolean(),
    steps: z.number(),
  }),
});
export type HandOver = z.infer<typeof handOverSchema>;

const logSchema = z.union([
  z.array(handOverSchema),
  z.object({ entries: z.array(handOverSchema) }).transform(({ entries }) => entries),
]);

/** What the provider simulator says it was handed, in its own words. */
export const readSimulatorLog = async (simulatorUrl: string): Promise<HandOver[]> => {
  const answer = await request(`${simulatorUrl}/__log`);
  return logSchema.parse(await answer.body.json());
};
