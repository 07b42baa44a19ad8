/* What a C program could call: OpenBLAS for kernels (cblas.h), FANN for a training step (fann.h). Prints a line for each: name, a tab,
 * the nanoseconds of the fastest of many rounds, by the processor's time.
 *
 * Built and run by `benches/peers/run`, with -DOPENBLAS or -DFANN for what is there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

/* Runs `work` for 10 ms, so that nothing is done for the first time any more, and then in rounds of about 0.1 ms for 0.3 s. */
#define MEASURE(name, work)                                            \
    do {                                                               \
        double begin = now(), best = 1e30;                             \
        while (now() - begin < 1e7) { work; }                          \
        long count = 1;                                                \
        for (double once = 0; once < 1e5 && count < 1 << 24;) {        \
            double from = now();                                       \
            for (long i = 0; i < count; i++) { work; }                 \
            once = now() - from;                                       \
            if (once < 1e5) count *= 2;                                \
        }                                                              \
        while (now() - begin < 3e8) {                                  \
            double from = now();                                       \
            for (long i = 0; i < count; i++) { work; }                 \
            double each = (now() - from) / count;                      \
            if (each < best) best = each;                              \
        }                                                              \
        printf("%s\t%.2f\n", name, best);                              \
    } while (0)

static float *numbers(size_t count) {
    float *x = malloc(count * sizeof *x); /* as it comes, like a vector of Rust's: no multiple of a line of the cache */
    for (size_t i = 0; i < count; i++) x[i] = (float)rand() / RAND_MAX - 0.5f;
    return x;
}

#ifdef OPENBLAS
#include <cblas.h>

static volatile float sink;

static void kernels(void) {
    openblas_set_num_threads(1);
    float *a = numbers(1 << 20), *b = numbers(1 << 20), *c = numbers(1 << 20);
    char name[64];
    for (int n = 64; n <= 4096; n = n == 64 ? 256 : n * 16) {
        sprintf(name, "dot %d", n);
        MEASURE(name, sink = cblas_sdot(n, a, 1, b, 1));
        sprintf(name, "axpy %d", n);
        MEASURE(name, cblas_saxpy(n, 1e-9f, a, 1, b, 1));
    }
    const int layers[2][2] = {{64, 32}, {784, 128}};
    for (int k = 0; k < 2; k++) {
        int in = layers[k][0], out = layers[k][1];
        /* Input-major weights: a row for each input. */
        sprintf(name, "forward %dx%d", in, out);
        MEASURE(name, cblas_sgemv(CblasRowMajor, CblasTrans, in, out, 1, a, out, b, 1, 0, c, 1));
        sprintf(name, "to inputs %dx%d", in, out);
        MEASURE(name, cblas_sgemv(CblasRowMajor, CblasNoTrans, in, out, 1, a, out, b, 1, 0, c, 1));
        sprintf(name, "product 32x%dx%d", in, out);
        MEASURE(name, cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 32, out, in, 1, b, in, a, out, 0, c, out));
    }
}
#else
static void kernels(void) {}
#endif

#ifdef FANN
#include <fann.h>

/* One sample, momentum 0.9; FANN's units are sigmoids, and its loss the squared error. */
static void step(void) {
    struct fann *network = fann_create_standard(3, 64, 32, 10);
    fann_set_training_algorithm(network, FANN_TRAIN_INCREMENTAL);
    fann_set_learning_momentum(network, 0.9f);
    fann_set_learning_rate(network, 1e-6f);
    float *x = numbers(64), t[10] = {1};
    MEASURE("step 64-32-10 batch 1 momentum", fann_train(network, x, t));
    fann_destroy(network);
}
#else
static void step(void) {}
#endif

int main(void) {
    kernels();
    step();
    return 0;
}
