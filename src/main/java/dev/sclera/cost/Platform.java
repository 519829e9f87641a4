package dev.sclera.cost;

import dev.sclera.problem.InvalidValueException;

/**
 * What campaigns run on, and how fast that is beside the machine on which their speed was measured.
 *
 * @param architecture of the functions
 * @param memoryMb of the functions that load models
 * @param coresHere cores of this machine, all of which are busy in what was measured
 * @param coreSpeed the speed of a function's processor beside a core here
 * @param deadline seconds for which an invocation begins new work
 * @param redelivery seconds from when a queue handed over a message whose work ran out of time until it hands it over
 *     again, for the work to go on
 * @param overhead seconds that an invocation takes beside its work: reading the model, starting
 * @param imagesPerInvocation how many images a fanned-out invocation takes
 * @param gpu the type of the instances that fine-tune
 * @param gpuSpeedUp the speed of its GPU beside this machine
 * @param jobStart seconds from a job's submission on an empty queue to its first step
 * @param spotShare of the instance hours, the share on the spot market
 * @param perturbed whether perturbed images are written, for others to use; no evaluation needs them
 */
public record Platform(
        Architecture architecture,
        int memoryMb,
        int coresHere,
        double coreSpeed,
        double deadline,
        double redelivery,
        double overhead,
        int imagesPerInvocation,
        String gpu,
        double gpuSpeedUp,
        double jobStart,
        double spotShare,
        boolean perturbed) {

    /** Megabytes of memory for which a function gets one processor; AWS documents it. */
    private static final double MB_PER_PROCESSOR = 1769;

    private static final int LEAST_MEMORY = 128;
    private static final int MOST_MEMORY = 10_240;

    /** Lambda ends an invocation after this, in seconds. */
    static final double LONGEST = 900;

    /** What a function's processor is. */
    public enum Architecture {
        X86,
        ARM
    }

    public Platform {
        require("memory", memoryMb, memoryMb >= LEAST_MEMORY && memoryMb <= MOST_MEMORY, "128 to 10240 MB");
        require("core-speed", coreSpeed, coreSpeed > 0, "more than 0");
        require("deadline", deadline, deadline > 0 && deadline <= LONGEST, "more than 0 and at most 900 seconds");
        require("redelivery", redelivery, redelivery >= 0, "0 or more seconds");
        require("images-per-invocation", imagesPerInvocation, imagesPerInvocation >= 1, "1 or more");
        require("gpu-speed-up", gpuSpeedUp, gpuSpeedUp > 0, "more than 0");
        require("spot-share", spotShare, spotShare >= 0 && spotShare <= 1, "0 to 1");
    }

    private static void require(String field, Number value, boolean allowed, String what) {
        if (!allowed) {
            throw new InvalidValueException(field, value, what);
        }
    }

    /** Processors of a function. */
    public double processors() {
        return memoryMb / MB_PER_PROCESSOR;
    }

    /** How long a function works at what takes so long here. */
    double functionSeconds(double secondsHere) {
        return secondsHere * coresHere / (processors() * coreSpeed);
    }

    double gigabytes() {
        return memoryMb / 1024.0;
    }
}
