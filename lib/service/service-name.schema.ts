import * as v from 'valibot';
import { text } from '../support/schema/text.js';

const PART = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$/;

const PART_EXPECTED = 'must be 1 to 63 letters, digits, "-" or "_", with a letter or digit at both ends';

/** Accepts the namespace or the type of a service: one label of its DNS name. */
export const serviceNamePart = v.pipe(text, v.regex(PART, PART_EXPECTED));

/** Accepts the name of a service. The whole DNS name in its place is the likeliest mistake. */
export const serviceName = v.pipe(
  text,
  v.regex(PART, ({ input }) => {
    const [label = '', ...others] = input.split('.');
    const isDnsName = others.length > 0 && PART.test(label);
    return isDnsName ? `must be the name alone, such as "${label}", not a DNS name` : PART_EXPECTED;
  }),
);

/** Accepts the domain of the mesh. */
export const clusterDomain = v.pipe(
  text,
  v.regex(/^[^\s:/]+$/, 'must be a part of a host name without a port'),
);

/** Accepts the parts of a service's DNS name. */
export const serviceNameSchema = v.looseObject({
  name: serviceName,
  namespace: v.optional(serviceNamePart),
  type: v.optional(serviceNamePart),
  clusterDomain: v.optional(clusterDomain),
});
