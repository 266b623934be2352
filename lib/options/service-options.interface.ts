/** The name of the service in the mesh, and its share of calls. */
export interface ServiceOptions {
  /**
   * The name of the service, such as `'auth'`, the first part of the DNS name: 1 to 63 letters,
   * digits, `-` or `_`, with a letter or digit at both ends. The same holds for `namespace` and
   * `type`.
   */
  name: string;
  /**
   * The namespace of the service, the second part of the DNS name.
   * @default 'default'
   */
  namespace?: string;
  /**
   * The type of the service, the third part of the DNS name.
   * @default 'svc'
   */
  type?: string;
  /**
   * The domain of the mesh, the last part of the DNS name.
   * @default 'cluster.local'
   */
  clusterDomain?: string;
  /**
   * The logical port that callers dial, 1 to 65535. It is not the port that this process listens
   * on, which is `serverPort`.
   * @default 9090
   */
  port?: number;
  /**
   * The share of calls that this instance gets, relative to the weights of the others: a whole
   * number of 1 or more.
   * @default 100
   */
  weight?: number;
}
