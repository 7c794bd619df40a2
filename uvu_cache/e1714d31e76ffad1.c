#include <stdint.h>
#include <string.h>
typedef float real;
typedef real V __attribute__((vector_size(32), aligned(4)));
#define C 128
#define D1 1
#define D2 16
#define D3 16
#define P 4
#define NM 16
#define L 8
#define LD(a) (*(const V*)(a))
#define ST(a) (*(V*)(a))
static inline real total(V v) { real s = 0; for (int k = 0; k < L; k++) s += v[k]; return s; }

static inline void matrices(const real* restrict Y, real* restrict M) {
  M[0] = (real)1.0 * Y[0];
  M[1] = (real)0.5773502691896257 * Y[1];
  M[2] = (real)0.5773502691896258 * Y[2];
  M[3] = (real)0.5773502691896257 * Y[3];
  M[4] = (real)0.4472135954999579 * Y[4];
  M[5] = (real)0.4472135954999579 * Y[5];
  M[6] = (real)0.447213595499958 * Y[6];
  M[7] = (real)0.4472135954999579 * Y[7];
  M[8] = (real)0.4472135954999579 * Y[8];
  M[9] = (real)0.3779644730092272 * Y[9];
  M[10] = (real)0.3779644730092272 * Y[10];
  M[11] = (real)0.3779644730092272 * Y[11];
  M[12] = (real)0.37796447300922725 * Y[12];
  M[13] = (real)0.3779644730092272 * Y[13];
  M[14] = (real)0.3779644730092272 * Y[14];
  M[15] = (real)0.3779644730092272 * Y[15];
}
void value(const real* x, const real* Y, const real* w, const int64_t* start, const int64_t* sender, int64_t nodes, real* out) {
  enum { EB = 8 }; real M[EB*NM];
  for (int64_t i = 0; i < nodes; i++) { real* acc = out + i*(int64_t)(D3*C); memset(acc, 0, sizeof(real)*D3*C);
  for (int64_t e = start[i]; e < start[i+1]; e += EB) { const int ne = start[i+1] - e < EB ? (int)(start[i+1] - e) : EB;
  for (int n = 0; n < ne; n++) matrices(Y + (e+n)*D2, M + n*NM);
  // path 0: 0 x 0 -> 0
  for (int c = 0; c < C; c += 2*L) {
    V a0_0 = LD(acc + 0*C + c + 0*L);
    V a0_1 = LD(acc + 0*C + c + 1*L);
    for (int n = 0; n < ne; n++) {
      const real* m = M + n*NM + 0; const real* xp = x + sender[e+n]*(int64_t)(D1*C) + 0*C + c; const real* wp = w + ((e+n)*P + 0)*(int64_t)C + c;
      const V w0 = LD(wp + 0*L);
      const V w1 = LD(wp + 1*L);
      const V t0_0 = w0 * LD(xp + 0*C + 0*L);
      const V t0_1 = w1 * LD(xp + 0*C + 1*L);
      { const real s = m[0]; a0_0 += s * t0_0; a0_1 += s * t0_1; }
    }
    ST(acc + 0*C + c + 0*L) = a0_0;
    ST(acc + 0*C + c + 1*L) = a0_1;
  }
  // path 1: 0 x 1 -> 1
  for (int c = 0; c < C; c += 2*L) {
    V a0_0 = LD(acc + 1*C + c + 0*L);
    V a0_1 = LD(acc + 1*C + c + 1*L);
    V a1_0 = LD(acc + 2*C + c + 0*L);
    V a1_1 = LD(acc + 2*C + c + 1*L);
    V a2_0 = LD(acc + 3*C + c + 0*L);
    V a2_1 = LD(acc + 3*C + c + 1*L);
    for (int n = 0; n < ne; n++) {
      const real* m = M + n*NM + 1; const real* xp = x + sender[e+n]*(int64_t)(D1*C) + 0*C + c; const real* wp = w + ((e+n)*P + 1)*(int64_t)C + c;
      const V w0 = LD(wp + 0*L);
      const V w1 = LD(wp + 1*L);
      const V t0_0 = w0 * LD(xp + 0*C + 0*L);
      const V t0_1 = w1 * LD(xp + 0*C + 1*L);
      { const real s = m[0]; a0_0 += s * t0_0; a0_1 += s * t0_1; }
      { const real s = m[1]; a1_0 += s * t0_0; a1_1 += s * t0_1; }
      { const real s = m[2]; a2_0 += s * t0_0; a2_1 += s * t0_1; }
    }
    ST(acc + 1*C + c + 0*L) = a0_0;
    ST(acc + 1*C + c + 1*L) = a0_1;
    ST(acc + 2*C + c + 0*L) = a1_0;
    ST(acc + 2*C + c + 1*L) = a1_1;
    ST(acc + 3*C + c + 0*L) = a2_0;
    ST(acc + 3*C + c + 1*L) = a2_1;
  }
  // path 2: 0 x 2 -> 2
  for (int c = 0; c < C; c += 2*L) {
    V a0_0 = LD(acc + 4*C + c + 0*L);
    V a0_1 = LD(acc + 4*C + c + 1*L);
    V a1_0 = LD(acc + 5*C + c + 0*L);
    V a1_1 = LD(acc + 5*C + c + 1*L);
    V a2_0 = LD(acc + 6*C + c + 0*L);
    V a2_1 = LD(acc + 6*C + c + 1*L);
    V a3_0 = LD(acc + 7*C + c + 0*L);
    V a3_1 = LD(acc + 7*C + c + 1*L);
    V a4_0 = LD(acc + 8*C + c + 0*L);
    V a4_1 = LD(acc + 8*C + c + 1*L);
    for (int n = 0; n < ne; n++) {
      const real* m = M + n*NM + 4; const real* xp = x + sender[e+n]*(int64_t)(D1*C) + 0*C + c; const real* wp = w + ((e+n)*P + 2)*(int64_t)C + c;
      const V w0 = LD(wp + 0*L);
      const V w1 = LD(wp + 1*L);
      const V t0_0 = w0 * LD(xp + 0*C + 0*L);
      const V t0_1 = w1 * LD(xp + 0*C + 1*L);
      { const real s = m[0]; a0_0 += s * t0_0; a0_1 += s * t0_1; }
      { const real s = m[1]; a1_0 += s * t0_0; a1_1 += s * t0_1; }
      { const real s = m[2]; a2_0 += s * t0_0; a2_1 += s * t0_1; }
      { const real s = m[3]; a3_0 += s * t0_0; a3_1 += s * t0_1; }
      { const real s = m[4]; a4_0 += s * t0_0; a4_1 += s * t0_1; }
    }
    ST(acc + 4*C + c + 0*L) = a0_0;
    ST(acc + 4*C + c + 1*L) = a0_1;
    ST(acc + 5*C + c + 0*L) = a1_0;
    ST(acc + 5*C + c + 1*L) = a1_1;
    ST(acc + 6*C + c + 0*L) = a2_0;
    ST(acc + 6*C + c + 1*L) = a2_1;
    ST(acc + 7*C + c + 0*L) = a3_0;
    ST(acc + 7*C + c + 1*L) = a3_1;
    ST(acc + 8*C + c + 0*L) = a4_0;
    ST(acc + 8*C + c + 1*L) = a4_1;
  }
  // path 3: 0 x 3 -> 3
  for (int c = 0; c < C; c += 2*L) {
    V a0_0 = LD(acc + 9*C + c + 0*L);
    V a0_1 = LD(acc + 9*C + c + 1*L);
    V a1_0 = LD(acc + 10*C + c + 0*L);
    V a1_1 = LD(acc + 10*C + c + 1*L);
    V a2_0 = LD(acc + 11*C + c + 0*L);
    V a2_1 = LD(acc + 11*C + c + 1*L);
    V a3_0 = LD(acc + 12*C + c + 0*L);
    V a3_1 = LD(acc + 12*C + c + 1*L);
    V a4_0 = LD(acc + 13*C + c + 0*L);
    V a4_1 = LD(acc + 13*C + c + 1*L);
    V a5_0 = LD(acc + 14*C + c + 0*L);
    V a5_1 = LD(acc + 14*C + c + 1*L);
    V a6_0 = LD(acc + 15*C + c + 0*L);
    V a6_1 = LD(acc + 15*C + c + 1*L);
    for (int n = 0; n < ne; n++) {
      const real* m = M + n*NM + 9; const real* xp = x + sender[e+n]*(int64_t)(D1*C) + 0*C + c; const real* wp = w + ((e+n)*P + 3)*(int64_t)C + c;
      const V w0 = LD(wp + 0*L);
      const V w1 = LD(wp + 1*L);
      const V t0_0 = w0 * LD(xp + 0*C + 0*L);
      const V t0_1 = w1 * LD(xp + 0*C + 1*L);
      { const real s = m[0]; a0_0 += s * t0_0; a0_1 += s * t0_1; }
      { const real s = m[1]; a1_0 += s * t0_0; a1_1 += s * t0_1; }
      { const real s = m[2]; a2_0 += s * t0_0; a2_1 += s * t0_1; }
      { const real s = m[3]; a3_0 += s * t0_0; a3_1 += s * t0_1; }
      { const real s = m[4]; a4_0 += s * t0_0; a4_1 += s * t0_1; }
      { const real s = m[5]; a5_0 += s * t0_0; a5_1 += s * t0_1; }
      { const real s = m[6]; a6_0 += s * t0_0; a6_1 += s * t0_1; }
    }
    ST(acc + 9*C + c + 0*L) = a0_0;
    ST(acc + 9*C + c + 1*L) = a0_1;
    ST(acc + 10*C + c + 0*L) = a1_0;
    ST(acc + 10*C + c + 1*L) = a1_1;
    ST(acc + 11*C + c + 0*L) = a2_0;
    ST(acc + 11*C + c + 1*L) = a2_1;
    ST(acc + 12*C + c + 0*L) = a3_0;
    ST(acc + 12*C + c + 1*L) = a3_1;
    ST(acc + 13*C + c + 0*L) = a4_0;
    ST(acc + 13*C + c + 1*L) = a4_1;
    ST(acc + 14*C + c + 0*L) = a5_0;
    ST(acc + 14*C + c + 1*L) = a5_1;
    ST(acc + 15*C + c + 0*L) = a6_0;
    ST(acc + 15*C + c + 1*L) = a6_1;
  }
  } } }
void vjp(const real* x, const real* Y, const real* w, const int64_t* start, const int64_t* sender, int64_t nodes, const real* ybar, real* xbar, real* Ybar, real* wbar) {
  real M[NM]; memset(xbar, 0, sizeof(real)*nodes*D1*C);
  for (int64_t i = 0; i < nodes; i++) { const real* yi = ybar + i*(int64_t)(D3*C);
  for (int64_t e = start[i]; e < start[i+1]; e++) { matrices(Y + e*D2, M);
  const real* xj = x + sender[e]*(int64_t)(D1*C); real* xb = xbar + sender[e]*(int64_t)(D1*C); const real* we = w + e*(int64_t)(P*C); real* wb = wbar + e*(int64_t)(P*C); real* Yb = Ybar + e*D2; for (int k = 0; k < D2; k++) Yb[k] = 0;
  { // path 0
  const real* m = M + 0;
  V S0 = {0};
  for (int c = 0; c < C; c += L) {
    V wv = LD(we + 0*C + c);
    V x0 = LD(xj + 0*C + c), t0 = {0}, q0 = wv * x0;
    V y0 = LD(yi + 0*C + c);
    t0 += m[0] * y0;
    { V o = q0 * y0; S0 += (real)1.0 * o; }
    ST(wb + 0*C + c) = x0 * t0;
    ST(xb + 0*C + c) += wv * t0;
  }
  Yb[0] += total(S0);
  }
  { // path 1
  const real* m = M + 1;
  V S0 = {0};
  V S1 = {0};
  V S2 = {0};
  for (int c = 0; c < C; c += L) {
    V wv = LD(we + 1*C + c);
    V x0 = LD(xj + 0*C + c), t0 = {0}, q0 = wv * x0;
    V y0 = LD(yi + 1*C + c);
    V y1 = LD(yi + 2*C + c);
    V y2 = LD(yi + 3*C + c);
    t0 += m[0] * y0;
    { V o = q0 * y0; S0 += (real)0.5773502691896257 * o; }
    t0 += m[1] * y1;
    { V o = q0 * y1; S1 += (real)0.5773502691896258 * o; }
    t0 += m[2] * y2;
    { V o = q0 * y2; S2 += (real)0.5773502691896257 * o; }
    ST(wb + 1*C + c) = x0 * t0;
    ST(xb + 0*C + c) += wv * t0;
  }
  Yb[1] += total(S0);
  Yb[2] += total(S1);
  Yb[3] += total(S2);
  }
  { // path 2
  const real* m = M + 4;
  V S0 = {0};
  V S1 = {0};
  V S2 = {0};
  V S3 = {0};
  V S4 = {0};
  for (int c = 0; c < C; c += L) {
    V wv = LD(we + 2*C + c);
    V x0 = LD(xj + 0*C + c), t0 = {0}, q0 = wv * x0;
    V y0 = LD(yi + 4*C + c);
    V y1 = LD(yi + 5*C + c);
    V y2 = LD(yi + 6*C + c);
    V y3 = LD(yi + 7*C + c);
    V y4 = LD(yi + 8*C + c);
    t0 += m[0] * y0;
    { V o = q0 * y0; S0 += (real)0.4472135954999579 * o; }
    t0 += m[1] * y1;
    { V o = q0 * y1; S1 += (real)0.4472135954999579 * o; }
    t0 += m[2] * y2;
    { V o = q0 * y2; S2 += (real)0.447213595499958 * o; }
    t0 += m[3] * y3;
    { V o = q0 * y3; S3 += (real)0.4472135954999579 * o; }
    t0 += m[4] * y4;
    { V o = q0 * y4; S4 += (real)0.4472135954999579 * o; }
    ST(wb + 2*C + c) = x0 * t0;
    ST(xb + 0*C + c) += wv * t0;
  }
  Yb[4] += total(S0);
  Yb[5] += total(S1);
  Yb[6] += total(S2);
  Yb[7] += total(S3);
  Yb[8] += total(S4);
  }
  { // path 3
  const real* m = M + 9;
  V S0 = {0};
  V S1 = {0};
  V S2 = {0};
  V S3 = {0};
  V S4 = {0};
  V S5 = {0};
  V S6 = {0};
  for (int c = 0; c < C; c += L) {
    V wv = LD(we + 3*C + c);
    V x0 = LD(xj + 0*C + c), t0 = {0}, q0 = wv * x0;
    V y0 = LD(yi + 9*C + c);
    V y1 = LD(yi + 10*C + c);
    V y2 = LD(yi + 11*C + c);
    V y3 = LD(yi + 12*C + c);
    V y4 = LD(yi + 13*C + c);
    V y5 = LD(yi + 14*C + c);
    V y6 = LD(yi + 15*C + c);
    t0 += m[0] * y0;
    { V o = q0 * y0; S0 += (real)0.3779644730092272 * o; }
    t0 += m[1] * y1;
    { V o = q0 * y1; S1 += (real)0.3779644730092272 * o; }
    t0 += m[2] * y2;
    { V o = q0 * y2; S2 += (real)0.3779644730092272 * o; }
    t0 += m[3] * y3;
    { V o = q0 * y3; S3 += (real)0.37796447300922725 * o; }
    t0 += m[4] * y4;
    { V o = q0 * y4; S4 += (real)0.3779644730092272 * o; }
    t0 += m[5] * y5;
    { V o = q0 * y5; S5 += (real)0.3779644730092272 * o; }
    t0 += m[6] * y6;
    { V o = q0 * y6; S6 += (real)0.3779644730092272 * o; }
    ST(wb + 3*C + c) = x0 * t0;
    ST(xb + 0*C + c) += wv * t0;
  }
  Yb[9] += total(S0);
  Yb[10] += total(S1);
  Yb[11] += total(S2);
  Yb[12] += total(S3);
  Yb[13] += total(S4);
  Yb[14] += total(S5);
  Yb[15] += total(S6);
  }
  } } }
void second_y(const real* x, const real* Y, const real* w, const int64_t* start, const int64_t* sender, int64_t nodes, const real* ux, const real* uY, const real* uw, real* out) {
  enum { EB = 8 }; real M[EB*NM], U[EB*NM];
  for (int64_t i = 0; i < nodes; i++) { real* acc = out + i*(int64_t)(D3*C); memset(acc, 0, sizeof(real)*D3*C);
  for (int64_t e = start[i]; e < start[i+1]; e += EB) { const int ne = start[i+1] - e < EB ? (int)(start[i+1] - e) : EB;
  for (int n = 0; n < ne; n++) { matrices(Y + (e+n)*D2, M + n*NM); matrices(uY + (e+n)*D2, U + n*NM); }
  for (int c = 0; c < C; c += L) {
    V a0 = LD(acc + 0*C + c);
    for (int n = 0; n < ne; n++) { const real *m = M + n*NM + 0, *u = U + n*NM + 0; const int64_t j = sender[e+n]*(int64_t)(D1*C) + 0*C + c, ww = ((e+n)*P + 0)*(int64_t)C + c; V wv = LD(w + ww), uv = LD(uw + ww);
      { V xx = LD(x + j + 0*C), t = wv * LD(ux + j + 0*C) + uv * xx, q = wv * xx; a0 += m[0] * t + u[0] * q; }
    }
    ST(acc + 0*C + c) = a0;
  }
  for (int c = 0; c < C; c += L) {
    V a0 = LD(acc + 1*C + c);
    V a1 = LD(acc + 2*C + c);
    V a2 = LD(acc + 3*C + c);
    for (int n = 0; n < ne; n++) { const real *m = M + n*NM + 1, *u = U + n*NM + 1; const int64_t j = sender[e+n]*(int64_t)(D1*C) + 0*C + c, ww = ((e+n)*P + 1)*(int64_t)C + c; V wv = LD(w + ww), uv = LD(uw + ww);
      { V xx = LD(x + j + 0*C), t = wv * LD(ux + j + 0*C) + uv * xx, q = wv * xx; a0 += m[0] * t + u[0] * q; a1 += m[1] * t + u[1] * q; a2 += m[2] * t + u[2] * q; }
    }
    ST(acc + 1*C + c) = a0;
    ST(acc + 2*C + c) = a1;
    ST(acc + 3*C + c) = a2;
  }
  for (int c = 0; c < C; c += L) {
    V a0 = LD(acc + 4*C + c);
    V a1 = LD(acc + 5*C + c);
    V a2 = LD(acc + 6*C + c);
    V a3 = LD(acc + 7*C + c);
    V a4 = LD(acc + 8*C + c);
    for (int n = 0; n < ne; n++) { const real *m = M + n*NM + 4, *u = U + n*NM + 4; const int64_t j = sender[e+n]*(int64_t)(D1*C) + 0*C + c, ww = ((e+n)*P + 2)*(int64_t)C + c; V wv = LD(w + ww), uv = LD(uw + ww);
      { V xx = LD(x + j + 0*C), t = wv * LD(ux + j + 0*C) + uv * xx, q = wv * xx; a0 += m[0] * t + u[0] * q; a1 += m[1] * t + u[1] * q; a2 += m[2] * t + u[2] * q; a3 += m[3] * t + u[3] * q; a4 += m[4] * t + u[4] * q; }
    }
    ST(acc + 4*C + c) = a0;
    ST(acc + 5*C + c) = a1;
    ST(acc + 6*C + c) = a2;
    ST(acc + 7*C + c) = a3;
    ST(acc + 8*C + c) = a4;
  }
  for (int c = 0; c < C; c += L) {
    V a0 = LD(acc + 9*C + c);
    V a1 = LD(acc + 10*C + c);
    V a2 = LD(acc + 11*C + c);
    V a3 = LD(acc + 12*C + c);
    V a4 = LD(acc + 13*C + c);
    V a5 = LD(acc + 14*C + c);
    V a6 = LD(acc + 15*C + c);
    for (int n = 0; n < ne; n++) { const real *m = M + n*NM + 9, *u = U + n*NM + 9; const int64_t j = sender[e+n]*(int64_t)(D1*C) + 0*C + c, ww = ((e+n)*P + 3)*(int64_t)C + c; V wv = LD(w + ww), uv = LD(uw + ww);
      { V xx = LD(x + j + 0*C), t = wv * LD(ux + j + 0*C) + uv * xx, q = wv * xx; a0 += m[0] * t + u[0] * q; a1 += m[1] * t + u[1] * q; a2 += m[2] * t + u[2] * q; a3 += m[3] * t + u[3] * q; a4 += m[4] * t + u[4] * q; a5 += m[5] * t + u[5] * q; a6 += m[6] * t + u[6] * q; }
    }
    ST(acc + 9*C + c) = a0;
    ST(acc + 10*C + c) = a1;
    ST(acc + 11*C + c) = a2;
    ST(acc + 12*C + c) = a3;
    ST(acc + 13*C + c) = a4;
    ST(acc + 14*C + c) = a5;
    ST(acc + 15*C + c) = a6;
  }
  } } }
void second_x(const real* x, const real* Y, const real* w, const int64_t* start, const int64_t* sender, int64_t nodes, const real* ybar, const real* ux, const real* uY, const real* uw, real* gx, real* gY, real* gw) {
  real M[NM], U[NM]; memset(gx, 0, sizeof(real)*nodes*D1*C);
  for (int64_t i = 0; i < nodes; i++) { const real* yi = ybar + i*(int64_t)(D3*C);
  for (int64_t e = start[i]; e < start[i+1]; e++) { matrices(Y + e*D2, M); matrices(uY + e*D2, U);
  const int64_t j = sender[e]*(int64_t)(D1*C), f = e*(int64_t)(P*C); real* Yb = gY + e*D2; for (int k = 0; k < D2; k++) Yb[k] = 0;
  { const real *m = M + 0, *u = U + 0;
  V S0 = {0};
  for (int c = 0; c < C; c += L) {
    V wv = LD(w + f + 0*C + c), uv = LD(uw + f + 0*C + c);
    V x0 = LD(x + j + 0*C + c), v0 = LD(ux + j + 0*C + c), t0 = {0}, r0 = {0}, q0 = wv * v0 + uv * x0;
    V y0 = LD(yi + 0*C + c);
    t0 += m[0] * y0; r0 += u[0] * y0;
    { V o = q0 * y0; S0 += (real)1.0 * o; }
    ST(gw + f + 0*C + c) = v0 * t0 + x0 * r0;
    ST(gx + j + 0*C + c) += uv * t0 + wv * r0;
  }
  Yb[0] += total(S0);
  }
  { const real *m = M + 1, *u = U + 1;
  V S0 = {0};
  V S1 = {0};
  V S2 = {0};
  for (int c = 0; c < C; c += L) {
    V wv = LD(w + f + 1*C + c), uv = LD(uw + f + 1*C + c);
    V x0 = LD(x + j + 0*C + c), v0 = LD(ux + j + 0*C + c), t0 = {0}, r0 = {0}, q0 = wv * v0 + uv * x0;
    V y0 = LD(yi + 1*C + c);
    V y1 = LD(yi + 2*C + c);
    V y2 = LD(yi + 3*C + c);
    t0 += m[0] * y0; r0 += u[0] * y0;
    { V o = q0 * y0; S0 += (real)0.5773502691896257 * o; }
    t0 += m[1] * y1; r0 += u[1] * y1;
    { V o = q0 * y1; S1 += (real)0.5773502691896258 * o; }
    t0 += m[2] * y2; r0 += u[2] * y2;
    { V o = q0 * y2; S2 += (real)0.5773502691896257 * o; }
    ST(gw + f + 1*C + c) = v0 * t0 + x0 * r0;
    ST(gx + j + 0*C + c) += uv * t0 + wv * r0;
  }
  Yb[1] += total(S0);
  Yb[2] += total(S1);
  Yb[3] += total(S2);
  }
  { const real *m = M + 4, *u = U + 4;
  V S0 = {0};
  V S1 = {0};
  V S2 = {0};
  V S3 = {0};
  V S4 = {0};
  for (int c = 0; c < C; c += L) {
    V wv = LD(w + f + 2*C + c), uv = LD(uw + f + 2*C + c);
    V x0 = LD(x + j + 0*C + c), v0 = LD(ux + j + 0*C + c), t0 = {0}, r0 = {0}, q0 = wv * v0 + uv * x0;
    V y0 = LD(yi + 4*C + c);
    V y1 = LD(yi + 5*C + c);
    V y2 = LD(yi + 6*C + c);
    V y3 = LD(yi + 7*C + c);
    V y4 = LD(yi + 8*C + c);
    t0 += m[0] * y0; r0 += u[0] * y0;
    { V o = q0 * y0; S0 += (real)0.4472135954999579 * o; }
    t0 += m[1] * y1; r0 += u[1] * y1;
    { V o = q0 * y1; S1 += (real)0.4472135954999579 * o; }
    t0 += m[2] * y2; r0 += u[2] * y2;
    { V o = q0 * y2; S2 += (real)0.447213595499958 * o; }
    t0 += m[3] * y3; r0 += u[3] * y3;
    { V o = q0 * y3; S3 += (real)0.4472135954999579 * o; }
    t0 += m[4] * y4; r0 += u[4] * y4;
    { V o = q0 * y4; S4 += (real)0.4472135954999579 * o; }
    ST(gw + f + 2*C + c) = v0 * t0 + x0 * r0;
    ST(gx + j + 0*C + c) += uv * t0 + wv * r0;
  }
  Yb[4] += total(S0);
  Yb[5] += total(S1);
  Yb[6] += total(S2);
  Yb[7] += total(S3);
  Yb[8] += total(S4);
  }
  { const real *m = M + 9, *u = U + 9;
  V S0 = {0};
  V S1 = {0};
  V S2 = {0};
  V S3 = {0};
  V S4 = {0};
  V S5 = {0};
  V S6 = {0};
  for (int c = 0; c < C; c += L) {
    V wv = LD(w + f + 3*C + c), uv = LD(uw + f + 3*C + c);
    V x0 = LD(x + j + 0*C + c), v0 = LD(ux + j + 0*C + c), t0 = {0}, r0 = {0}, q0 = wv * v0 + uv * x0;
    V y0 = LD(yi + 9*C + c);
    V y1 = LD(yi + 10*C + c);
    V y2 = LD(yi + 11*C + c);
    V y3 = LD(yi + 12*C + c);
    V y4 = LD(yi + 13*C + c);
    V y5 = LD(yi + 14*C + c);
    V y6 = LD(yi + 15*C + c);
    t0 += m[0] * y0; r0 += u[0] * y0;
    { V o = q0 * y0; S0 += (real)0.3779644730092272 * o; }
    t0 += m[1] * y1; r0 += u[1] * y1;
    { V o = q0 * y1; S1 += (real)0.3779644730092272 * o; }
    t0 += m[2] * y2; r0 += u[2] * y2;
    { V o = q0 * y2; S2 += (real)0.3779644730092272 * o; }
    t0 += m[3] * y3; r0 += u[3] * y3;
    { V o = q0 * y3; S3 += (real)0.37796447300922725 * o; }
    t0 += m[4] * y4; r0 += u[4] * y4;
    { V o = q0 * y4; S4 += (real)0.3779644730092272 * o; }
    t0 += m[5] * y5; r0 += u[5] * y5;
    { V o = q0 * y5; S5 += (real)0.3779644730092272 * o; }
    t0 += m[6] * y6; r0 += u[6] * y6;
    { V o = q0 * y6; S6 += (real)0.3779644730092272 * o; }
    ST(gw + f + 3*C + c) = v0 * t0 + x0 * r0;
    ST(gx + j + 0*C + c) += uv * t0 + wv * r0;
  }
  Yb[9] += total(S0);
  Yb[10] += total(S1);
  Yb[11] += total(S2);
  Yb[12] += total(S3);
  Yb[13] += total(S4);
  Yb[14] += total(S5);
  Yb[15] += total(S6);
  }
  } } }