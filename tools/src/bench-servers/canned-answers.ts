import { createServer, type Server } from 'node:http';
import { z } from 'zod';

/** An answer as it went over the wire, without what Node adds to every answer by itself. */
export const cannedAnswerSchema = z.object({
  status: z.number().int(),
  /** Name and value in turns. */
  rawHeaders: z.array(z.string()),
  body: z.string(),
});
export type CannedAnswer = z.infer<typeof cannedAnswerSchema>;

/** The least a server can do: the answer that the first part of the path names, `/0` being the first one. */
export const createCannedAnswers = (answers: readonly CannedAnswer[]): Server =>
  createServer((req, res) => {
    const answer = answers[Number(req.url?.charAt(1))];
    if (answer === undefined) return void res.writeHead(404).end();
    res.writeHead(answer.status, answer.rawHeaders).end(answer.body);
  });
