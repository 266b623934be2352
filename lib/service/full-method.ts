/** The full path of a gRPC method: `/acme.auth.v1.AuthService/Login`. */
export const FULL_METHOD = /^\/[^/\s]+\/[^/\s]+$/;

/** What is said of a text that is none. */
export const FULL_METHOD_EXPECTED = 'must look like "/package.Service/Method"';
