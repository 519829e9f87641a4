package dev.sclera.defense;

/**
 * One training image.
 *
 * @param number in its dataset, by which it draws its randomness
 * @param shard of the dataset
 * @param row in the shard
 * @param grade its grade
 */
record Example(int number, int shard, int row, int grade) {}
