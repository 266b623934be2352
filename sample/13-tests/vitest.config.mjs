export default {
  test: {
    include: ['src/**/*.spec.ts'],
    // As Nest's generators set it. Jest has them in any case.
    globals: true,
  },
};
