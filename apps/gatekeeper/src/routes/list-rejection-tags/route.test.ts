// Risk: a reviewer is offered other tags than a rejection takes.
import { rejectionTagSchema, rejectionTagsSchema } from '@caio/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { GateBench } from '../../testing/gate-bench.ts';
import type { Http } from '../../testing/http-bench.ts';
import { openRouteBenches, type RouteBenches } from '../../testing/route-bench.ts';

let routes: RouteBenches;
let bench: GateBench;
let http: Http;
beforeAll(async () => {
  routes = await openRouteBenches();
});
beforeEach(async () => {
  ({ bench, http } = await routes.create());
});
afterAll(() => routes.close());

test('every tag a rejection takes, with a label, in the order they are offered', async () => {
  const answer = await http.get('/api/rejection-tags');
  expect(answer.status).toBe(200);
  const { tags } = rejectionTagsSchema.parse(answer.body);
  expect(tags.map(({ id }) => id)).toEqual(rejectionTagSchema.options);
  expect(tags[9]).toEqual({
    ...{ id: 'placeholder_or_rendering_issue', label: 'Placeholder/rendering issue' },
  });
  const draft = await bench.pendingDraft();
  const rejected = await http.post(`/api/emails/${draft.draftId}/reject`, {
    ...{ reason: 'a placeholder was left in the text', rejection_tag: tags[9]?.id },
  });
  expect(rejected.status).toBe(200);
});
