/* A block of pairs, consecutive by receiver or by source, and its messages. The other end of its pairs jumps about, and
 * what stands there is large; `order` visits the pairs sorted by that end, so that it is read once per block. */
struct block {
    int64_t count;
    int64_t *pair, *receiver, *source, *order, *spare;
    real *messages, *messages_along, *extra;
};
