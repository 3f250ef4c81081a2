import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import { canonicalJson } from '@caio/dispatch-core';
import { z } from 'zod';

const messagesSchema = z.array(z.unknown()).min(1);

/** Canonical bytes and their digest, of messages it was given once (`PUT /`), each time somebody asks (`POST /`). */
export const createPlainHashing = (): Server => {
  let messages: readonly unknown[] = [];
  return createServer((req, res) => {
    if (req.method === 'PUT') {
      json(req).then(
        (body) => {
          messages = messagesSchema.parse(body);
          res.end(String(messages.length));
        },
        (error: unknown) => res.writeHead(500).end(String(error)),
      );
      return;
    }
    const all = createHash('sha256');
    for (const message of messages)
      all.update(createHash('sha256').update(canonicalJson(message)).digest('hex'));
    res.end(all.digest('hex'));
  });
};
