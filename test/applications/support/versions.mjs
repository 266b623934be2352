/** The tools that make, bundle and install the applications. */
export const VERSIONS = {
  generators: { 11: '@nestjs/cli@11.0.13', 12: '@nestjs/cli@12.0.8' },
  esbuild: '0.28.2',
  rspack: '2.3.3',
  pnpm: 'pnpm@10.34.8',
  yarn: '@yarnpkg/cli-dist@4.18.1',
};

/** What an application installs beside what its generator chose, with each version of Nest. */
export const INSTALLED = {
  11: {
    dependencies: {
      '@grpc/grpc-js': '^1.14.4',
      '@grpc/proto-loader': '^0.8.0',
      '@nestjs/config': '^4.0.2',
      '@nestjs/microservices': '^11.1.10',
      '@nestjs/terminus': '^11.0.0',
      '@opentelemetry/api': '^1.9.0',
      'grpc-health-check': '^2.1.0',
    },
    devDependencies: { esbuild: VERSIONS.esbuild },
  },
  12: {
    dependencies: {
      '@grpc/grpc-js': '^1.14.4',
      '@grpc/proto-loader': '^0.8.0',
      '@nestjs/config': '^12.0.0',
      '@nestjs/microservices': '^12.0.1',
      '@nestjs/terminus': '^12.0.0',
      '@opentelemetry/api': '^1.9.0',
      'grpc-health-check': '^2.1.0',
    },
    devDependencies: {
      '@rspack/core': VERSIONS.rspack,
      // The CLI installs these three in an application in CommonJS.
      '@types/jest': '^30.0.0',
      esbuild: VERSIONS.esbuild,
      jest: '^30.0.0',
      'ts-jest': '^29.4.0',
      // Nest's command needs these two for its builder rspack.
      'tsconfig-paths-webpack-plugin': '^4.2.0',
      'webpack-node-externals': '^3.0.0',
    },
  },
};
