package dev.sclera.model;

/**
 * A linear change of an image before a model sees it, such as a shift or a change of scale. Safe for use by several
 * threads.
 */
public interface PixelView {

    /**
     * Applies it.
     *
     * @param image {@code [h,w,3]}, not to be written to
     * @param seen {@code [h,w,3]}, to be filled
     */
    void see(float[] image, float[] seen);

    /**
     * Applies its transpose: brings the slope at what is seen back to the slope at the image.
     *
     * @param slope {@code [h,w,3]}, not to be written to
     * @param onto {@code [h,w,3]}, to be filled
     */
    void back(float[] slope, float[] onto);
}
