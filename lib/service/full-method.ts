/** Matches the full path of a gRPC method: `/acme.auth.v1.AuthService/Login`. */
export const FULL_METHOD = /^\/[^/\s]+\/[^/\s]+$/;

/** The fault of a text that {@link FULL_METHOD} does not match. */
export const FULL_METHOD_EXPECTED = 'must look like "/package.Service/Method"';
