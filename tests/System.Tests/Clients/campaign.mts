// A whole campaign by nothing but the types that were generated from the OpenAPI document: node campaign.mjs ADDRESS TOKEN
// Its last line is what came of it, as JSON.
import createClient from 'openapi-fetch';
import type { components, paths } from './api.js';

declare const process: { argv: string[] };

type Problem = components['schemas']['ProblemDetails'];

const [address, token] = process.argv.slice(2);
const api = createClient<paths>({ baseUrl: address, headers: { Authorization: `Bearer ${token}` } });

/** What was answered; a "no" ends the program with what the server says about it. */
async function taken<T>(call: Promise<{ data?: T; error?: Problem; response: Response }>): Promise<T> {
  const { data, error, response } = await call;
  if (error !== undefined || data === undefined) {
    throw new Error(`${response.url}: ${response.status} ${error?.code ?? ''} ${error?.detail ?? ''}`);
  }
  return data;
}

/** Asks until it is so. The one who started this program ends it if that takes too long. */
async function until<T>(ask: () => Promise<{ data?: T; error?: Problem; response: Response }>, holds: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await taken(ask());
    if (holds(answer)) {
      return answer;
    }
    await new Promise(resolve => setTimeout(resolve, 200));
  }
}

const create = { params: { header: { 'Idempotency-Key': 'campaign-of-the-client' } }, body: { title: 'By a generated client', prefix: 'DOE' } };
const made = await taken(api.POST('/api/v1/jobs', create));
const again = await taken(api.POST('/api/v1/jobs', create));
if (made.job !== again.job) {
  throw new Error(`${made.job} and ${again.job}: one key made two jobs.`);
}

const path = { job: made.job };
const job = { params: { path } };
const { error: refused } = await api.PUT('/api/v1/jobs/{job}/title', { ...job, body: { title: ' ' } });
await taken(api.POST('/api/v1/jobs/{job}/recipients', {
  params: { path, query: { fileName: 'guests.csv' } },
  headers: { 'Content-Type': 'text/csv' },
  body: 'email,name\nanna@guests.example,Anna\nben@guests.example,Ben\nnobody,Carl\n',
  bodySerializer: file => file,
}));
await until(() => api.GET('/api/v1/jobs/{job}/recipients', job), source => source.state === 'ready');
const invalid = await taken(api.GET('/api/v1/jobs/{job}/recipients/invalid.csv', { ...job, parseAs: 'text' }));
await taken(api.PUT('/api/v1/jobs/{job}/content', {
  ...job,
  body: { subject: 'For {{ name }}', html: '<p>Dear {{ name }}, <a href="https://society.example/in">come in</a>.</p>', text: 'Dear {{ name }}, come in.' },
}));
const preview = await taken(api.GET('/api/v1/jobs/{job}/preview', { params: { path, query: { recipient: 2 } } }));
await taken(api.PUT('/api/v1/jobs/{job}/tracking', { ...job, body: { type: 'personal' } }));
await taken(api.PUT('/api/v1/jobs/{job}/sender', { ...job, body: { name: 'The Example Society', address: 'news@society.example' } }));
// @ts-expect-error The compiler knows what a call takes: it would not let this pass.
void (() => api.PUT('/api/v1/jobs/{job}/sender', { ...job, body: { address: 17 } }));
await until(() => api.GET('/api/v1/trackers'), trackers => trackers.some(tracker => tracker.publicUrl.length > 0));
await taken(api.POST('/api/v1/jobs/{job}/test', { ...job, body: { addresses: ['colleague@society.example'] } }));
const tests = await until(() => api.GET('/api/v1/jobs/{job}/test', job), all => all.some(test => test.messages.some(message => message.fate === 'accepted')));
await taken(api.POST('/api/v1/jobs/{job}/test/accept', job));
await taken(api.PUT('/api/v1/jobs/{job}/schedule', { ...job, body: {} }));
await taken(api.POST('/api/v1/jobs/{job}/preflight', job));
await taken(api.POST('/api/v1/jobs/{job}/preflight/ticks', job));
await taken(api.POST('/api/v1/jobs/{job}/authorize', { params: { path, header: { 'Idempotency-Key': 'authorise' } } }));
const receipt = await until(() => api.GET('/api/v1/jobs/{job}/receipt', job), sum => sum.state === 'completed');
const fates = await taken(api.GET('/api/v1/jobs/{job}/fates', job));
console.log(JSON.stringify({
  job: made.job,
  refusedBy: refused?.code,
  preview: preview.subject,
  invalidLines: invalid.trim().split('\n').slice(1).map(line => line.split(',')[0]),
  tested: tests.length,
  planned: receipt.planned,
  accepted: receipt.accepted,
  refused: receipt.refused,
  fates: fates.recipients.map(one => `${one.address} ${one.fate}`),
}));
