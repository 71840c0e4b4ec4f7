/* The functions of librsvg, cairo and GLib that turn an SVG into a PNG, with the types they need. Their own headers
   want a flag (-pthread) that the package manager refuses with a warning, and bring some forty headers of GLib; these
   declarations are of interfaces that may not change (librsvg 2.52, cairo 1.0, GLib 2.0, and later). */
#ifndef ENSUE_CRSVG_H
#define ENSUE_CRSVG_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  uint32_t domain;
  int code;
  char *message;
} GError;
void g_error_free(GError *error);
void g_object_unref(void *object);

typedef struct _cairo_surface cairo_surface_t;
typedef struct _cairo cairo_t;
enum { CAIRO_STATUS_SUCCESS = 0, CAIRO_FORMAT_ARGB32 = 0 };
typedef int (*cairo_write_func_t)(void *closure, const unsigned char *data, unsigned int length);
cairo_surface_t *cairo_image_surface_create(int format, int width, int height);
int cairo_surface_status(cairo_surface_t *surface);
int cairo_surface_write_to_png_stream(cairo_surface_t *surface, cairo_write_func_t write, void *closure);
void cairo_surface_destroy(cairo_surface_t *surface);
cairo_t *cairo_create(cairo_surface_t *target);
int cairo_status(cairo_t *context);
void cairo_destroy(cairo_t *context);

typedef struct _RsvgHandle RsvgHandle;
typedef struct {
  double x, y, width, height;
} RsvgRectangle;
RsvgHandle *rsvg_handle_new_from_data(const uint8_t *data, size_t length, GError **error);
int rsvg_handle_get_intrinsic_size_in_pixels(RsvgHandle *handle, double *width, double *height);
int rsvg_handle_render_document(RsvgHandle *handle, cairo_t *context, const RsvgRectangle *viewport, GError **error);

#endif
