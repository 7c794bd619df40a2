#include <stdint.h>
#include <string.h>
typedef float real;
typedef real V __attribute__((vector_size(32), aligned(4)));
#define C 128
#define D1 4
#define D2 16
#define D3 40
#define P 10
#define NM 88
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
  M[16] = (real)0.5773502691896257 * Y[0];
  M[17] = 0;
  M[18] = 0;
  M[19] = 0;
  M[20] = (real)0.5773502691896258 * Y[0];
  M[21] = 0;
  M[22] = 0;
  M[23] = 0;
  M[24] = (real)0.5773502691896257 * Y[0];
  M[25] = (real)0.5773502691896257 * Y[1];
  M[26] = (real)0.5773502691896258 * Y[2];
  M[27] = (real)0.5773502691896257 * Y[3];
  M[28] = (real)0.3162277660168379 * Y[3];
  M[29] = 0;
  M[30] = (real)0.3162277660168379 * Y[1];
  M[31] = (real)0.31622776601683794 * Y[2];
  M[32] = (real)0.31622776601683794 * Y[1];
  M[33] = 0;
  M[34] = (real)-0.18257418583505539 * Y[1];
  M[35] = (real)0.36514837167011077 * Y[2];
  M[36] = (real)-0.18257418583505539 * Y[3];
  M[37] = 0;
  M[38] = (real)0.31622776601683794 * Y[3];
  M[39] = (real)0.31622776601683794 * Y[2];
  M[40] = (real)-0.3162277660168379 * Y[1];
  M[41] = 0;
  M[42] = (real)0.3162277660168379 * Y[3];
  M[43] = (real)-0.1825741858350554 * Y[6] + (real)-0.3162277660168379 * Y[8];
  M[44] = (real)0.31622776601683794 * Y[5];
  M[45] = (real)0.3162277660168379 * Y[4];
  M[46] = (real)0.31622776601683794 * Y[5];
  M[47] = (real)0.3651483716701109 * Y[6];
  M[48] = (real)0.31622776601683794 * Y[7];
  M[49] = (real)0.3162277660168379 * Y[4];
  M[50] = (real)0.31622776601683794 * Y[7];
  M[51] = (real)-0.1825741858350554 * Y[6] + (real)0.3162277660168379 * Y[8];
  M[52] = (real)0.2672612419124244 * Y[8];
  M[53] = 0;
  M[54] = (real)0.2672612419124244 * Y[4];
  M[55] = (real)0.2182178902359924 * Y[7];
  M[56] = (real)0.2182178902359924 * Y[4];
  M[57] = (real)0.2182178902359924 * Y[5];
  M[58] = (real)0.23904572186687875 * Y[6] + (real)0.06900655593423542 * Y[8];
  M[59] = (real)0.2760262237369417 * Y[5];
  M[60] = (real)-0.06900655593423542 * Y[4];
  M[61] = (real)-0.16903085094570333 * Y[5];
  M[62] = (real)0.29277002188456 * Y[6];
  M[63] = (real)-0.16903085094570333 * Y[7];
  M[64] = (real)-0.06900655593423542 * Y[4];
  M[65] = (real)0.2760262237369417 * Y[7];
  M[66] = (real)0.23904572186687875 * Y[6] + (real)-0.06900655593423542 * Y[8];
  M[67] = (real)-0.2182178902359924 * Y[5];
  M[68] = (real)0.2182178902359924 * Y[8];
  M[69] = (real)0.2182178902359924 * Y[7];
  M[70] = (real)-0.2672612419124244 * Y[4];
  M[71] = 0;
  M[72] = (real)0.2672612419124244 * Y[8];
  M[73] = (real)-0.06900655593423542 * Y[13] + (real)-0.26726124191242434 * Y[15];
  M[74] = (real)0.2182178902359924 * Y[10];
  M[75] = (real)0.26726124191242434 * Y[9] + (real)-0.06900655593423542 * Y[11];
  M[76] = (real)-0.16903085094570333 * Y[12] + (real)-0.21821789023599236 * Y[14];
  M[77] = (real)0.2760262237369417 * Y[11];
  M[78] = (real)0.21821789023599236 * Y[10];
  M[79] = (real)0.23904572186687872 * Y[11];
  M[80] = (real)0.29277002188455997 * Y[12];
  M[81] = (real)0.23904572186687872 * Y[13];
  M[82] = (real)0.21821789023599236 * Y[10];
  M[83] = (real)0.2760262237369417 * Y[13];
  M[84] = (real)-0.16903085094570333 * Y[12] + (real)0.21821789023599236 * Y[14];
  M[85] = (real)0.26726124191242434 * Y[9] + (real)0.06900655593423542 * Y[11];
  M[86] = (real)0.2182178902359924 * Y[14];
  M[87] = (real)-0.06900655593423542 * Y[13] + (real)0.26726124191242434 * Y[15];
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
    V a0_0 = LD(acc + 2*C + c + 0*L);
    V a0_1 = LD(acc + 2*C + c + 1*L);
    V a1_0 = LD(acc + 5*C + c + 0*L);
    V a1_1 = LD(acc + 5*C + c + 1*L);
    V a2_0 = LD(acc + 8*C + c + 0*L);
    V a2_1 = LD(acc + 8*C + c + 1*L);
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
    ST(acc + 2*C + c + 0*L) = a0_0;
    ST(acc + 2*C + c + 1*L) = a0_1;
    ST(acc + 5*C + c + 0*L) = a1_0;
    ST(acc + 5*C + c + 1*L) = a1_1;
    ST(acc + 8*C + c + 0*L) = a2_0;
    ST(acc + 8*C + c + 1*L) = a2_1;
  }
  // path 2: 0 x 2 -> 2
  for (int c = 0; c < C; c += 2*L) {
    V a0_0 = LD(acc + 11*C + c + 0*L);
    V a0_1 = LD(acc + 11*C + c + 1*L);
    V a1_0 = LD(acc + 14*C + c + 0*L);
    V a1_1 = LD(acc + 14*C + c + 1*L);
    V a2_0 = LD(acc + 17*C + c + 0*L);
    V a2_1 = LD(acc + 17*C + c + 1*L);
    V a3_0 = LD(acc + 20*C + c + 0*L);
    V a3_1 = LD(acc + 20*C + c + 1*L);
    V a4_0 = LD(acc + 23*C + c + 0*L);
    V a4_1 = LD(acc + 23*C + c + 1*L);
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
    ST(acc + 11*C + c + 0*L) = a0_0;
    ST(acc + 11*C + c + 1*L) = a0_1;
    ST(acc + 14*C + c + 0*L) = a1_0;
    ST(acc + 14*C + c + 1*L) = a1_1;
    ST(acc + 17*C + c + 0*L) = a2_0;
    ST(acc + 17*C + c + 1*L) = a2_1;
    ST(acc + 20*C + c + 0*L) = a3_0;
    ST(acc + 20*C + c + 1*L) = a3_1;
    ST(acc + 23*C + c + 0*L) = a4_0;
    ST(acc + 23*C + c + 1*L) = a4_1;
  }
  // path 3: 0 x 3 -> 3
  for (int c = 0; c < C; c += 2*L) {
    V a0_0 = LD(acc + 26*C + c + 0*L);
    V a0_1 = LD(acc + 26*C + c + 1*L);
    V a1_0 = LD(acc + 28*C + c + 0*L);
    V a1_1 = LD(acc + 28*C + c + 1*L);
    V a2_0 = LD(acc + 30*C + c + 0*L);
    V a2_1 = LD(acc + 30*C + c + 1*L);
    V a3_0 = LD(acc + 32*C + c + 0*L);
    V a3_1 = LD(acc + 32*C + c + 1*L);
    V a4_0 = LD(acc + 34*C + c + 0*L);
    V a4_1 = LD(acc + 34*C + c + 1*L);
    V a5_0 = LD(acc + 36*C + c + 0*L);
    V a5_1 = LD(acc + 36*C + c + 1*L);
    V a6_0 = LD(acc + 38*C + c + 0*L);
    V a6_1 = LD(acc + 38*C + c + 1*L);
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
    ST(acc + 26*C + c + 0*L) = a0_0;
    ST(acc + 26*C + c + 1*L) = a0_1;
    ST(acc + 28*C + c + 0*L) = a1_0;
    ST(acc + 28*C + c + 1*L) = a1_1;
    ST(acc + 30*C + c + 0*L) = a2_0;
    ST(acc + 30*C + c + 1*L) = a2_1;
    ST(acc + 32*C + c + 0*L) = a3_0;
    ST(acc + 32*C + c + 1*L) = a3_1;
    ST(acc + 34*C + c + 0*L) = a4_0;
    ST(acc + 34*C + c + 1*L) = a4_1;
    ST(acc + 36*C + c + 0*L) = a5_0;
    ST(acc + 36*C + c + 1*L) = a5_1;
    ST(acc + 38*C + c + 0*L) = a6_0;
    ST(acc + 38*C + c + 1*L) = a6_1;
  }
  // path 4: 1 x 0 -> 1
  for (int c = 0; c < C; c += 2*L) {
    V a0_0 = LD(acc + 3*C + c + 0*L);
    V a0_1 = LD(acc + 3*C + c + 1*L);
    V a1_0 = LD(acc + 6*C + c + 0*L);
    V a1_1 = LD(acc + 6*C + c + 1*L);
    V a2_0 = LD(acc + 9*C + c + 0*L);
    V a2_1 = LD(acc + 9*C + c + 1*L);
    for (int n = 0; n < ne; n++) {
      const real* m = M + n*NM + 16; const real* xp = x + sender[e+n]*(int64_t)(D1*C) + 1*C + c; const real* wp = w + ((e+n)*P + 4)*(int64_t)C + c;
      const V w0 = LD(wp + 0*L);
      const V w1 = LD(wp + 1*L);
      const V t0_0 = w0 * LD(xp + 0*C + 0*L);
      const V t0_1 = w1 * LD(xp + 0*C + 1*L);
      { const real s = m[0]; a0_0 += s * t0_0; a0_1 += s * t0_1; }
      { const real s = m[3]; a1_0 += s * t0_0; a1_1 += s * t0_1; }
      { const real s = m[6]; a2_0 += s * t0_0; a2_1 += s * t0_1; }
      const V t1_0 = w0 * LD(xp + 1*C + 0*L);
      const V t1_1 = w1 * LD(xp + 1*C + 1*L);
      { const real s = m[1]; a0_0 += s * t1_0; a0_1 += s * t1_1; }
      { const real s = m[4]; a1_0 += s * t1_0; a1_1 += s * t1_1; }
      { const real s = m[7]; a2_0 += s * t1_0; a2_1 += s * t1_1; }
      const V t2_0 = w0 * LD(xp + 2*C + 0*L);
      const V t2_1 = w1 * LD(xp + 2*C + 1*L);
      { const real s = m[2]; a0_0 += s * t2_0; a0_1 += s * t2_1; }
      { const real s = m[5]; a1_0 += s * t2_0; a1_1 += s * t2_1; }
      { const real s = m[8]; a2_0 += s * t2_0; a2_1 += s * t2_1; }
    }
    ST(acc + 3*C + c + 0*L) = a0_0;
    ST(acc + 3*C + c + 1*L) = a0_1;
    ST(acc + 6*C + c + 0*L) = a1_0;
    ST(acc + 6*C + c + 1*L) = a1_1;
    ST(acc + 9*C + c + 0*L) = a2_0;
    ST(acc + 9*C + c + 1*L) = a2_1;
  }
  // path 5: 1 x 1 -> 0
  for (int c = 0; c < C; c += 2*L) {
    V a0_0 = LD(acc + 1*C + c + 0*L);
    V a0_1 = LD(acc + 1*C + c + 1*L);
    for (int n = 0; n < ne; n++) {
      const real* m = M + n*NM + 25; const real* xp = x + sender[e+n]*(int64_t)(D1*C) + 1*C + c; const real* wp = w + ((e+n)*P + 5)*(int64_t)C + c;
      const V w0 = LD(wp + 0*L);
      const V w1 = LD(wp + 1*L);
      const V t0_0 = w0 * LD(xp + 0*C + 0*L);
      const V t0_1 = w1 * LD(xp + 0*C + 1*L);
      { const real s = m[0]; a0_0 += s * t0_0; a0_1 += s * t0_1; }
      const V t1_0 = w0 * LD(xp + 1*C + 0*L);
      const V t1_1 = w1 * LD(xp + 1*C + 1*L);
      { const real s = m[1]; a0_0 += s * t1_0; a0_1 += s * t1_1; }
      const V t2_0 = w0 * LD(xp + 2*C + 0*L);
      const V t2_1 = w1 * LD(xp + 2*C + 1*L);
      { const real s = m[2]; a0_0 += s * t2_0; a0_1 += s * t2_1; }
    }
    ST(acc + 1*C + c + 0*L) = a0_0;
    ST(acc + 1*C + c + 1*L) = a0_1;
  }
  // path 6: 1 x 1 -> 2
  for (int c = 0; c < C; c += 2*L) {
    V a0_0 = LD(acc + 12*C + c + 0*L);
    V a0_1 = LD(acc + 12*C + c + 1*L);
    V a1_0 = LD(acc + 15*C + c + 0*L);
    V a1_1 = LD(acc + 15*C + c + 1*L);
    V a2_0 = LD(acc + 18*C + c + 0*L);
    V a2_1 = LD(acc + 18*C + c + 1*L);
    V a3_0 = LD(acc + 21*C + c + 0*L);
    V a3_1 = LD(acc + 21*C + c + 1*L);
    V a4_0 = LD(acc + 24*C + c + 0*L);
    V a4_1 = LD(acc + 24*C + c + 1*L);
    for (int n = 0; n < ne; n++) {
      const real* m = M + n*NM + 28; const real* xp = x + sender[e+n]*(int64_t)(D1*C) + 1*C + c; const real* wp = w + ((e+n)*P + 6)*(int64_t)C + c;
      const V w0 = LD(wp + 0*L);
      const V w1 = LD(wp + 1*L);
      const V t0_0 = w0 * LD(xp + 0*C + 0*L);
      const V t0_1 = w1 * LD(xp + 0*C + 1*L);
      { const real s = m[0]; a0_0 += s * t0_0; a0_1 += s * t0_1; }
      { const real s = m[3]; a1_0 += s * t0_0; a1_1 += s * t0_1; }
      { const real s = m[6]; a2_0 += s * t0_0; a2_1 += s * t0_1; }
      { const real s = m[9]; a3_0 += s * t0_0; a3_1 += s * t0_1; }
      { const real s = m[12]; a4_0 += s * t0_0; a4_1 += s * t0_1; }
      const V t1_0 = w0 * LD(xp + 1*C + 0*L);
      const V t1_1 = w1 * LD(xp + 1*C + 1*L);
      { const real s = m[1]; a0_0 += s * t1_0; a0_1 += s * t1_1; }
      { const real s = m[4]; a1_0 += s * t1_0; a1_1 += s * t1_1; }
      { const real s = m[7]; a2_0 += s * t1_0; a2_1 += s * t1_1; }
      { const real s = m[10]; a3_0 += s * t1_0; a3_1 += s * t1_1; }
      { const real s = m[13]; a4_0 += s * t1_0; a4_1 += s * t1_1; }
      const V t2_0 = w0 * LD(xp + 2*C + 0*L);
      const V t2_1 = w1 * LD(xp + 2*C + 1*L);
      { const real s = m[2]; a0_0 += s * t2_0; a0_1 += s * t2_1; }
      { const real s = m[5]; a1_0 += s * t2_0; a1_1 += s * t2_1; }
      { const real s = m[8]; a2_0 += s * t2_0; a2_1 += s * t2_1; }
      { const real s = m[11]; a3_0 += s * t2_0; a3_1 += s * t2_1; }
      { const real s = m[14]; a4_0 += s * t2_0; a4_1 += s * t2_1; }
    }
    ST(acc + 12*C + c + 0*L) = a0_0;
    ST(acc + 12*C + c + 1*L) = a0_1;
    ST(acc + 15*C + c + 0*L) = a1_0;
    ST(acc + 15*C + c + 1*L) = a1_1;
    ST(acc + 18*C + c + 0*L) = a2_0;
    ST(acc + 18*C + c + 1*L) = a2_1;
    ST(acc + 21*C + c + 0*L) = a3_0;
    ST(acc + 21*C + c + 1*L) = a3_1;
    ST(acc + 24*C + c + 0*L) = a4_0;
    ST(acc + 24*C + c + 1*L) = a4_1;
  }
  // path 7: 1 x 2 -> 1
  for (int c = 0; c < C; c += 2*L) {
    V a0_0 = LD(acc + 4*C + c + 0*L);
    V a0_1 = LD(acc + 4*C + c + 1*L);
    V a1_0 = LD(acc + 7*C + c + 0*L);
    V a1_1 = LD(acc + 7*C + c + 1*L);
    V a2_0 = LD(acc + 10*C + c + 0*L);
    V a2_1 = LD(acc + 10*C + c + 1*L);
    for (int n = 0; n < ne; n++) {
      const real* m = M + n*NM + 43; const real* xp = x + sender[e+n]*(int64_t)(D1*C) + 1*C + c; const real* wp = w + ((e+n)*P + 7)*(int64_t)C + c;
      const V w0 = LD(wp + 0*L);
      const V w1 = LD(wp + 1*L);
      const V t0_0 = w0 * LD(xp + 0*C + 0*L);
      const V t0_1 = w1 * LD(xp + 0*C + 1*L);
      { const real s = m[0]; a0_0 += s * t0_0; a0_1 += s * t0_1; }
      { const real s = m[3]; a1_0 += s * t0_0; a1_1 += s * t0_1; }
      { const real s = m[6]; a2_0 += s * t0_0; a2_1 += s * t0_1; }
      const V t1_0 = w0 * LD(xp + 1*C + 0*L);
      const V t1_1 = w1 * LD(xp + 1*C + 1*L);
      { const real s = m[1]; a0_0 += s * t1_0; a0_1 += s * t1_1; }
      { const real s = m[4]; a1_0 += s * t1_0; a1_1 += s * t1_1; }
      { const real s = m[7]; a2_0 += s * t1_0; a2_1 += s * t1_1; }
      const V t2_0 = w0 * LD(xp + 2*C + 0*L);
      const V t2_1 = w1 * LD(xp + 2*C + 1*L);
      { const real s = m[2]; a0_0 += s * t2_0; a0_1 += s * t2_1; }
      { const real s = m[5]; a1_0 += s * t2_0; a1_1 += s * t2_1; }
      { const real s = m[8]; a2_0 += s * t2_0; a2_1 += s * t2_1; }
    }
    ST(acc + 4*C + c + 0*L) = a0_0;
    ST(acc + 4*C + c + 1*L) = a0_1;
    ST(acc + 7*C + c + 0*L) = a1_0;
    ST(acc + 7*C + c + 1*L) = a1_1;
    ST(acc + 10*C + c + 0*L) = a2_0;
    ST(acc + 10*C + c + 1*L) = a2_1;
  }
  // path 8: 1 x 2 -> 3
  for (int c = 0; c < C; c += 2*L) {
    V a0_0 = LD(acc + 27*C + c + 0*L);
    V a0_1 = LD(acc + 27*C + c + 1*L);
    V a1_0 = LD(acc + 29*C + c + 0*L);
    V a1_1 = LD(acc + 29*C + c + 1*L);
    V a2_0 = LD(acc + 31*C + c + 0*L);
    V a2_1 = LD(acc + 31*C + c + 1*L);
    V a3_0 = LD(acc + 33*C + c + 0*L);
    V a3_1 = LD(acc + 33*C + c + 1*L);
    V a4_0 = LD(acc + 35*C + c + 0*L);
    V a4_1 = LD(acc + 35*C + c + 1*L);
    V a5_0 = LD(acc + 37*C + c + 0*L);
    V a5_1 = LD(acc + 37*C + c + 1*L);
    V a6_0 = LD(acc + 39*C + c + 0*L);
    V a6_1 = LD(acc + 39*C + c + 1*L);
    for (int n = 0; n < ne; n++) {
      const real* m = M + n*NM + 52; const real* xp = x + sender[e+n]*(int64_t)(D1*C) + 1*C + c; const real* wp = w + ((e+n)*P + 8)*(int64_t)C + c;
      const V w0 = LD(wp + 0*L);
      const V w1 = LD(wp + 1*L);
      const V t0_0 = w0 * LD(xp + 0*C + 0*L);
      const V t0_1 = w1 * LD(xp + 0*C + 1*L);
      { const real s = m[0]; a0_0 += s * t0_0; a0_1 += s * t0_1; }
      { const real s = m[3]; a1_0 += s * t0_0; a1_1 += s * t0_1; }
      { const real s = m[6]; a2_0 += s * t0_0; a2_1 += s * t0_1; }
      { const real s = m[9]; a3_0 += s * t0_0; a3_1 += s * t0_1; }
      { const real s = m[12]; a4_0 += s * t0_0; a4_1 += s * t0_1; }
      { const real s = m[15]; a5_0 += s * t0_0; a5_1 += s * t0_1; }
      { const real s = m[18]; a6_0 += s * t0_0; a6_1 += s * t0_1; }
      const V t1_0 = w0 * LD(xp + 1*C + 0*L);
      const V t1_1 = w1 * LD(xp + 1*C + 1*L);
      { const real s = m[1]; a0_0 += s * t1_0; a0_1 += s * t1_1; }
      { const real s = m[4]; a1_0 += s * t1_0; a1_1 += s * t1_1; }
      { const real s = m[7]; a2_0 += s * t1_0; a2_1 += s * t1_1; }
      { const real s = m[10]; a3_0 += s * t1_0; a3_1 += s * t1_1; }
      { const real s = m[13]; a4_0 += s * t1_0; a4_1 += s * t1_1; }
      { const real s = m[16]; a5_0 += s * t1_0; a5_1 += s * t1_1; }
      { const real s = m[19]; a6_0 += s * t1_0; a6_1 += s * t1_1; }
      const V t2_0 = w0 * LD(xp + 2*C + 0*L);
      const V t2_1 = w1 * LD(xp + 2*C + 1*L);
      { const real s = m[2]; a0_0 += s * t2_0; a0_1 += s * t2_1; }
      { const real s = m[5]; a1_0 += s * t2_0; a1_1 += s * t2_1; }
      { const real s = m[8]; a2_0 += s * t2_0; a2_1 += s * t2_1; }
      { const real s = m[11]; a3_0 += s * t2_0; a3_1 += s * t2_1; }
      { const real s = m[14]; a4_0 += s * t2_0; a4_1 += s * t2_1; }
      { const real s = m[17]; a5_0 += s * t2_0; a5_1 += s * t2_1; }
      { const real s = m[20]; a6_0 += s * t2_0; a6_1 += s * t2_1; }
    }
    ST(acc + 27*C + c + 0*L) = a0_0;
    ST(acc + 27*C + c + 1*L) = a0_1;
    ST(acc + 29*C + c + 0*L) = a1_0;
    ST(acc + 29*C + c + 1*L) = a1_1;
    ST(acc + 31*C + c + 0*L) = a2_0;
    ST(acc + 31*C + c + 1*L) = a2_1;
    ST(acc + 33*C + c + 0*L) = a3_0;
    ST(acc + 33*C + c + 1*L) = a3_1;
    ST(acc + 35*C + c + 0*L) = a4_0;
    ST(acc + 35*C + c + 1*L) = a4_1;
    ST(acc + 37*C + c + 0*L) = a5_0;
    ST(acc + 37*C + c + 1*L) = a5_1;
    ST(acc + 39*C + c + 0*L) = a6_0;
    ST(acc + 39*C + c + 1*L) = a6_1;
  }
  // path 9: 1 x 3 -> 2
  for (int c = 0; c < C; c += 2*L) {
    V a0_0 = LD(acc + 13*C + c + 0*L);
    V a0_1 = LD(acc + 13*C + c + 1*L);
    V a1_0 = LD(acc + 16*C + c + 0*L);
    V a1_1 = LD(acc + 16*C + c + 1*L);
    V a2_0 = LD(acc + 19*C + c + 0*L);
    V a2_1 = LD(acc + 19*C + c + 1*L);
    V a3_0 = LD(acc + 22*C + c + 0*L);
    V a3_1 = LD(acc + 22*C + c + 1*L);
    V a4_0 = LD(acc + 25*C + c + 0*L);
    V a4_1 = LD(acc + 25*C + c + 1*L);
    for (int n = 0; n < ne; n++) {
      const real* m = M + n*NM + 73; const real* xp = x + sender[e+n]*(int64_t)(D1*C) + 1*C + c; const real* wp = w + ((e+n)*P + 9)*(int64_t)C + c;
      const V w0 = LD(wp + 0*L);
      const V w1 = LD(wp + 1*L);
      const V t0_0 = w0 * LD(xp + 0*C + 0*L);
      const V t0_1 = w1 * LD(xp + 0*C + 1*L);
      { const real s = m[0]; a0_0 += s * t0_0; a0_1 += s * t0_1; }
      { const real s = m[3]; a1_0 += s * t0_0; a1_1 += s * t0_1; }
      { const real s = m[6]; a2_0 += s * t0_0; a2_1 += s * t0_1; }
      { const real s = m[9]; a3_0 += s * t0_0; a3_1 += s * t0_1; }
      { const real s = m[12]; a4_0 += s * t0_0; a4_1 += s * t0_1; }
      const V t1_0 = w0 * LD(xp + 1*C + 0*L);
      const V t1_1 = w1 * LD(xp + 1*C + 1*L);
      { const real s = m[1]; a0_0 += s * t1_0; a0_1 += s * t1_1; }
      { const real s = m[4]; a1_0 += s * t1_0; a1_1 += s * t1_1; }
      { const real s = m[7]; a2_0 += s * t1_0; a2_1 += s * t1_1; }
      { const real s = m[10]; a3_0 += s * t1_0; a3_1 += s * t1_1; }
      { const real s = m[13]; a4_0 += s * t1_0; a4_1 += s * t1_1; }
      const V t2_0 = w0 * LD(xp + 2*C + 0*L);
      const V t2_1 = w1 * LD(xp + 2*C + 1*L);
      { const real s = m[2]; a0_0 += s * t2_0; a0_1 += s * t2_1; }
      { const real s = m[5]; a1_0 += s * t2_0; a1_1 += s * t2_1; }
      { const real s = m[8]; a2_0 += s * t2_0; a2_1 += s * t2_1; }
      { const real s = m[11]; a3_0 += s * t2_0; a3_1 += s * t2_1; }
      { const real s = m[14]; a4_0 += s * t2_0; a4_1 += s * t2_1; }
    }
    ST(acc + 13*C + c + 0*L) = a0_0;
    ST(acc + 13*C + c + 1*L) = a0_1;
    ST(acc + 16*C + c + 0*L) = a1_0;
    ST(acc + 16*C + c + 1*L) = a1_1;
    ST(acc + 19*C + c + 0*L) = a2_0;
    ST(acc + 19*C + c + 1*L) = a2_1;
    ST(acc + 22*C + c + 0*L) = a3_0;
    ST(acc + 22*C + c + 1*L) = a3_1;
    ST(acc + 25*C + c + 0*L) = a4_0;
    ST(acc + 25*C + c + 1*L) = a4_1;
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
    V y0 = LD(yi + 2*C + c);
    V y1 = LD(yi + 5*C + c);
    V y2 = LD(yi + 8*C + c);
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
    V y0 = LD(yi + 11*C + c);
    V y1 = LD(yi + 14*C + c);
    V y2 = LD(yi + 17*C + c);
    V y3 = LD(yi + 20*C + c);
    V y4 = LD(yi + 23*C + c);
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
    V y0 = LD(yi + 26*C + c);
    V y1 = LD(yi + 28*C + c);
    V y2 = LD(yi + 30*C + c);
    V y3 = LD(yi + 32*C + c);
    V y4 = LD(yi + 34*C + c);
    V y5 = LD(yi + 36*C + c);
    V y6 = LD(yi + 38*C + c);
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
  { // path 4
  const real* m = M + 16;
  V S0 = {0};
  for (int c = 0; c < C; c += L) {
    V wv = LD(we + 4*C + c);
    V x0 = LD(xj + 1*C + c), t0 = {0}, q0 = wv * x0;
    V x1 = LD(xj + 2*C + c), t1 = {0}, q1 = wv * x1;
    V x2 = LD(xj + 3*C + c), t2 = {0}, q2 = wv * x2;
    V y0 = LD(yi + 3*C + c);
    V y1 = LD(yi + 6*C + c);
    V y2 = LD(yi + 9*C + c);
    t0 += m[0] * y0;
    { V o = q0 * y0; S0 += (real)0.5773502691896257 * o; }
    t1 += m[1] * y0;
    t2 += m[2] * y0;
    t0 += m[3] * y1;
    t1 += m[4] * y1;
    { V o = q1 * y1; S0 += (real)0.5773502691896258 * o; }
    t2 += m[5] * y1;
    t0 += m[6] * y2;
    t1 += m[7] * y2;
    t2 += m[8] * y2;
    { V o = q2 * y2; S0 += (real)0.5773502691896257 * o; }
    ST(wb + 4*C + c) = x0 * t0 + x1 * t1 + x2 * t2;
    ST(xb + 1*C + c) += wv * t0;
    ST(xb + 2*C + c) += wv * t1;
    ST(xb + 3*C + c) += wv * t2;
  }
  Yb[0] += total(S0);
  }
  { // path 5
  const real* m = M + 25;
  V S0 = {0};
  V S1 = {0};
  V S2 = {0};
  for (int c = 0; c < C; c += L) {
    V wv = LD(we + 5*C + c);
    V x0 = LD(xj + 1*C + c), t0 = {0}, q0 = wv * x0;
    V x1 = LD(xj + 2*C + c), t1 = {0}, q1 = wv * x1;
    V x2 = LD(xj + 3*C + c), t2 = {0}, q2 = wv * x2;
    V y0 = LD(yi + 1*C + c);
    t0 += m[0] * y0;
    { V o = q0 * y0; S0 += (real)0.5773502691896257 * o; }
    t1 += m[1] * y0;
    { V o = q1 * y0; S1 += (real)0.5773502691896258 * o; }
    t2 += m[2] * y0;
    { V o = q2 * y0; S2 += (real)0.5773502691896257 * o; }
    ST(wb + 5*C + c) = x0 * t0 + x1 * t1 + x2 * t2;
    ST(xb + 1*C + c) += wv * t0;
    ST(xb + 2*C + c) += wv * t1;
    ST(xb + 3*C + c) += wv * t2;
  }
  Yb[1] += total(S0);
  Yb[2] += total(S1);
  Yb[3] += total(S2);
  }
  { // path 6
  const real* m = M + 28;
  V S0 = {0};
  V S1 = {0};
  V S2 = {0};
  for (int c = 0; c < C; c += L) {
    V wv = LD(we + 6*C + c);
    V x0 = LD(xj + 1*C + c), t0 = {0}, q0 = wv * x0;
    V x1 = LD(xj + 2*C + c), t1 = {0}, q1 = wv * x1;
    V x2 = LD(xj + 3*C + c), t2 = {0}, q2 = wv * x2;
    V y0 = LD(yi + 12*C + c);
    V y1 = LD(yi + 15*C + c);
    V y2 = LD(yi + 18*C + c);
    V y3 = LD(yi + 21*C + c);
    V y4 = LD(yi + 24*C + c);
    t0 += m[0] * y0;
    { V o = q0 * y0; S2 += (real)0.3162277660168379 * o; }
    t1 += m[1] * y0;
    t2 += m[2] * y0;
    { V o = q2 * y0; S0 += (real)0.3162277660168379 * o; }
    t0 += m[3] * y1;
    { V o = q0 * y1; S1 += (real)0.31622776601683794 * o; }
    t1 += m[4] * y1;
    { V o = q1 * y1; S0 += (real)0.31622776601683794 * o; }
    t2 += m[5] * y1;
    t0 += m[6] * y2;
    { V o = q0 * y2; S0 += (real)-0.18257418583505539 * o; }
    t1 += m[7] * y2;
    { V o = q1 * y2; S1 += (real)0.36514837167011077 * o; }
    t2 += m[8] * y2;
    { V o = q2 * y2; S2 += (real)-0.18257418583505539 * o; }
    t0 += m[9] * y3;
    t1 += m[10] * y3;
    { V o = q1 * y3; S2 += (real)0.31622776601683794 * o; }
    t2 += m[11] * y3;
    { V o = q2 * y3; S1 += (real)0.31622776601683794 * o; }
    t0 += m[12] * y4;
    { V o = q0 * y4; S0 += (real)-0.3162277660168379 * o; }
    t1 += m[13] * y4;
    t2 += m[14] * y4;
    { V o = q2 * y4; S2 += (real)0.3162277660168379 * o; }
    ST(wb + 6*C + c) = x0 * t0 + x1 * t1 + x2 * t2;
    ST(xb + 1*C + c) += wv * t0;
    ST(xb + 2*C + c) += wv * t1;
    ST(xb + 3*C + c) += wv * t2;
  }
  Yb[1] += total(S0);
  Yb[2] += total(S1);
  Yb[3] += total(S2);
  }
  { // path 7
  const real* m = M + 43;
  V S0 = {0};
  V S1 = {0};
  V S2 = {0};
  V S3 = {0};
  V S4 = {0};
  for (int c = 0; c < C; c += L) {
    V wv = LD(we + 7*C + c);
    V x0 = LD(xj + 1*C + c), t0 = {0}, q0 = wv * x0;
    V x1 = LD(xj + 2*C + c), t1 = {0}, q1 = wv * x1;
    V x2 = LD(xj + 3*C + c), t2 = {0}, q2 = wv * x2;
    V y0 = LD(yi + 4*C + c);
    V y1 = LD(yi + 7*C + c);
    V y2 = LD(yi + 10*C + c);
    t0 += m[0] * y0;
    { V o = q0 * y0; S2 += (real)-0.1825741858350554 * o; S4 += (real)-0.3162277660168379 * o; }
    t1 += m[1] * y0;
    { V o = q1 * y0; S1 += (real)0.31622776601683794 * o; }
    t2 += m[2] * y0;
    { V o = q2 * y0; S0 += (real)0.3162277660168379 * o; }
    t0 += m[3] * y1;
    { V o = q0 * y1; S1 += (real)0.31622776601683794 * o; }
    t1 += m[4] * y1;
    { V o = q1 * y1; S2 += (real)0.3651483716701109 * o; }
    t2 += m[5] * y1;
    { V o = q2 * y1; S3 += (real)0.31622776601683794 * o; }
    t0 += m[6] * y2;
    { V o = q0 * y2; S0 += (real)0.3162277660168379 * o; }
    t1 += m[7] * y2;
    { V o = q1 * y2; S3 += (real)0.31622776601683794 * o; }
    t2 += m[8] * y2;
    { V o = q2 * y2; S2 += (real)-0.1825741858350554 * o; S4 += (real)0.3162277660168379 * o; }
    ST(wb + 7*C + c) = x0 * t0 + x1 * t1 + x2 * t2;
    ST(xb + 1*C + c) += wv * t0;
    ST(xb + 2*C + c) += wv * t1;
    ST(xb + 3*C + c) += wv * t2;
  }
  Yb[4] += total(S0);
  Yb[5] += total(S1);
  Yb[6] += total(S2);
  Yb[7] += total(S3);
  Yb[8] += total(S4);
  }
  { // path 8
  const real* m = M + 52;
  V S0 = {0};
  V S1 = {0};
  V S2 = {0};
  V S3 = {0};
  V S4 = {0};
  for (int c = 0; c < C; c += L) {
    V wv = LD(we + 8*C + c);
    V x0 = LD(xj + 1*C + c), t0 = {0}, q0 = wv * x0;
    V x1 = LD(xj + 2*C + c), t1 = {0}, q1 = wv * x1;
    V x2 = LD(xj + 3*C + c), t2 = {0}, q2 = wv * x2;
    V y0 = LD(yi + 27*C + c);
    V y1 = LD(yi + 29*C + c);
    V y2 = LD(yi + 31*C + c);
    V y3 = LD(yi + 33*C + c);
    V y4 = LD(yi + 35*C + c);
    V y5 = LD(yi + 37*C + c);
    V y6 = LD(yi + 39*C + c);
    t0 += m[0] * y0;
    { V o = q0 * y0; S4 += (real)0.2672612419124244 * o; }
    t1 += m[1] * y0;
    t2 += m[2] * y0;
    { V o = q2 * y0; S0 += (real)0.2672612419124244 * o; }
    t0 += m[3] * y1;
    { V o = q0 * y1; S3 += (real)0.2182178902359924 * o; }
    t1 += m[4] * y1;
    { V o = q1 * y1; S0 += (real)0.2182178902359924 * o; }
    t2 += m[5] * y1;
    { V o = q2 * y1; S1 += (real)0.2182178902359924 * o; }
    t0 += m[6] * y2;
    { V o = q0 * y2; S2 += (real)0.23904572186687875 * o; S4 += (real)0.06900655593423542 * o; }
    t1 += m[7] * y2;
    { V o = q1 * y2; S1 += (real)0.2760262237369417 * o; }
    t2 += m[8] * y2;
    { V o = q2 * y2; S0 += (real)-0.06900655593423542 * o; }
    t0 += m[9] * y3;
    { V o = q0 * y3; S1 += (real)-0.16903085094570333 * o; }
    t1 += m[10] * y3;
    { V o = q1 * y3; S2 += (real)0.29277002188456 * o; }
    t2 += m[11] * y3;
    { V o = q2 * y3; S3 += (real)-0.16903085094570333 * o; }
    t0 += m[12] * y4;
    { V o = q0 * y4; S0 += (real)-0.06900655593423542 * o; }
    t1 += m[13] * y4;
    { V o = q1 * y4; S3 += (real)0.2760262237369417 * o; }
    t2 += m[14] * y4;
    { V o = q2 * y4; S2 += (real)0.23904572186687875 * o; S4 += (real)-0.06900655593423542 * o; }
    t0 += m[15] * y5;
    { V o = q0 * y5; S1 += (real)-0.2182178902359924 * o; }
    t1 += m[16] * y5;
    { V o = q1 * y5; S4 += (real)0.2182178902359924 * o; }
    t2 += m[17] * y5;
    { V o = q2 * y5; S3 += (real)0.2182178902359924 * o; }
    t0 += m[18] * y6;
    { V o = q0 * y6; S0 += (real)-0.2672612419124244 * o; }
    t1 += m[19] * y6;
    t2 += m[20] * y6;
    { V o = q2 * y6; S4 += (real)0.2672612419124244 * o; }
    ST(wb + 8*C + c) = x0 * t0 + x1 * t1 + x2 * t2;
    ST(xb + 1*C + c) += wv * t0;
    ST(xb + 2*C + c) += wv * t1;
    ST(xb + 3*C + c) += wv * t2;
  }
  Yb[4] += total(S0);
  Yb[5] += total(S1);
  Yb[6] += total(S2);
  Yb[7] += total(S3);
  Yb[8] += total(S4);
  }
  { // path 9
  const real* m = M + 73;
  V S0 = {0};
  V S1 = {0};
  V S2 = {0};
  V S3 = {0};
  V S4 = {0};
  V S5 = {0};
  V S6 = {0};
  for (int c = 0; c < C; c += L) {
    V wv = LD(we + 9*C + c);
    V x0 = LD(xj + 1*C + c), t0 = {0}, q0 = wv * x0;
    V x1 = LD(xj + 2*C + c), t1 = {0}, q1 = wv * x1;
    V x2 = LD(xj + 3*C + c), t2 = {0}, q2 = wv * x2;
    V y0 = LD(yi + 13*C + c);
    V y1 = LD(yi + 16*C + c);
    V y2 = LD(yi + 19*C + c);
    V y3 = LD(yi + 22*C + c);
    V y4 = LD(yi + 25*C + c);
    t0 += m[0] * y0;
    { V o = q0 * y0; S4 += (real)-0.06900655593423542 * o; S6 += (real)-0.26726124191242434 * o; }
    t1 += m[1] * y0;
    { V o = q1 * y0; S1 += (real)0.2182178902359924 * o; }
    t2 += m[2] * y0;
    { V o = q2 * y0; S0 += (real)0.26726124191242434 * o; S2 += (real)-0.06900655593423542 * o; }
    t0 += m[3] * y1;
    { V o = q0 * y1; S3 += (real)-0.16903085094570333 * o; S5 += (real)-0.21821789023599236 * o; }
    t1 += m[4] * y1;
    { V o = q1 * y1; S2 += (real)0.2760262237369417 * o; }
    t2 += m[5] * y1;
    { V o = q2 * y1; S1 += (real)0.21821789023599236 * o; }
    t0 += m[6] * y2;
    { V o = q0 * y2; S2 += (real)0.23904572186687872 * o; }
    t1 += m[7] * y2;
    { V o = q1 * y2; S3 += (real)0.29277002188455997 * o; }
    t2 += m[8] * y2;
    { V o = q2 * y2; S4 += (real)0.23904572186687872 * o; }
    t0 += m[9] * y3;
    { V o = q0 * y3; S1 += (real)0.21821789023599236 * o; }
    t1 += m[10] * y3;
    { V o = q1 * y3; S4 += (real)0.2760262237369417 * o; }
    t2 += m[11] * y3;
    { V o = q2 * y3; S3 += (real)-0.16903085094570333 * o; S5 += (real)0.21821789023599236 * o; }
    t0 += m[12] * y4;
    { V o = q0 * y4; S0 += (real)0.26726124191242434 * o; S2 += (real)0.06900655593423542 * o; }
    t1 += m[13] * y4;
    { V o = q1 * y4; S5 += (real)0.2182178902359924 * o; }
    t2 += m[14] * y4;
    { V o = q2 * y4; S4 += (real)-0.06900655593423542 * o; S6 += (real)0.26726124191242434 * o; }
    ST(wb + 9*C + c) = x0 * t0 + x1 * t1 + x2 * t2;
    ST(xb + 1*C + c) += wv * t0;
    ST(xb + 2*C + c) += wv * t1;
    ST(xb + 3*C + c) += wv * t2;
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
    V a0 = LD(acc + 2*C + c);
    V a1 = LD(acc + 5*C + c);
    V a2 = LD(acc + 8*C + c);
    for (int n = 0; n < ne; n++) { const real *m = M + n*NM + 1, *u = U + n*NM + 1; const int64_t j = sender[e+n]*(int64_t)(D1*C) + 0*C + c, ww = ((e+n)*P + 1)*(int64_t)C + c; V wv = LD(w + ww), uv = LD(uw + ww);
      { V xx = LD(x + j + 0*C), t = wv * LD(ux + j + 0*C) + uv * xx, q = wv * xx; a0 += m[0] * t + u[0] * q; a1 += m[1] * t + u[1] * q; a2 += m[2] * t + u[2] * q; }
    }
    ST(acc + 2*C + c) = a0;
    ST(acc + 5*C + c) = a1;
    ST(acc + 8*C + c) = a2;
  }
  for (int c = 0; c < C; c += L) {
    V a0 = LD(acc + 11*C + c);
    V a1 = LD(acc + 14*C + c);
    V a2 = LD(acc + 17*C + c);
    V a3 = LD(acc + 20*C + c);
    V a4 = LD(acc + 23*C + c);
    for (int n = 0; n < ne; n++) { const real *m = M + n*NM + 4, *u = U + n*NM + 4; const int64_t j = sender[e+n]*(int64_t)(D1*C) + 0*C + c, ww = ((e+n)*P + 2)*(int64_t)C + c; V wv = LD(w + ww), uv = LD(uw + ww);
      { V xx = LD(x + j + 0*C), t = wv * LD(ux + j + 0*C) + uv * xx, q = wv * xx; a0 += m[0] * t + u[0] * q; a1 += m[1] * t + u[1] * q; a2 += m[2] * t + u[2] * q; a3 += m[3] * t + u[3] * q; a4 += m[4] * t + u[4] * q; }
    }
    ST(acc + 11*C + c) = a0;
    ST(acc + 14*C + c) = a1;
    ST(acc + 17*C + c) = a2;
    ST(acc + 20*C + c) = a3;
    ST(acc + 23*C + c) = a4;
  }
  for (int c = 0; c < C; c += L) {
    V a0 = LD(acc + 26*C + c);
    V a1 = LD(acc + 28*C + c);
    V a2 = LD(acc + 30*C + c);
    V a3 = LD(acc + 32*C + c);
    V a4 = LD(acc + 34*C + c);
    V a5 = LD(acc + 36*C + c);
    V a6 = LD(acc + 38*C + c);
    for (int n = 0; n < ne; n++) { const real *m = M + n*NM + 9, *u = U + n*NM + 9; const int64_t j = sender[e+n]*(int64_t)(D1*C) + 0*C + c, ww = ((e+n)*P + 3)*(int64_t)C + c; V wv = LD(w + ww), uv = LD(uw + ww);
      { V xx = LD(x + j + 0*C), t = wv * LD(ux + j + 0*C) + uv * xx, q = wv * xx; a0 += m[0] * t + u[0] * q; a1 += m[1] * t + u[1] * q; a2 += m[2] * t + u[2] * q; a3 += m[3] * t + u[3] * q; a4 += m[4] * t + u[4] * q; a5 += m[5] * t + u[5] * q; a6 += m[6] * t + u[6] * q; }
    }
    ST(acc + 26*C + c) = a0;
    ST(acc + 28*C + c) = a1;
    ST(acc + 30*C + c) = a2;
    ST(acc + 32*C + c) = a3;
    ST(acc + 34*C + c) = a4;
    ST(acc + 36*C + c) = a5;
    ST(acc + 38*C + c) = a6;
  }
  for (int c = 0; c < C; c += L) {
    V a0 = LD(acc + 3*C + c);
    V a1 = LD(acc + 6*C + c);
    V a2 = LD(acc + 9*C + c);
    for (int n = 0; n < ne; n++) { const real *m = M + n*NM + 16, *u = U + n*NM + 16; const int64_t j = sender[e+n]*(int64_t)(D1*C) + 1*C + c, ww = ((e+n)*P + 4)*(int64_t)C + c; V wv = LD(w + ww), uv = LD(uw + ww);
      { V xx = LD(x + j + 0*C), t = wv * LD(ux + j + 0*C) + uv * xx, q = wv * xx; a0 += m[0] * t + u[0] * q; a1 += m[3] * t + u[3] * q; a2 += m[6] * t + u[6] * q; }
      { V xx = LD(x + j + 1*C), t = wv * LD(ux + j + 1*C) + uv * xx, q = wv * xx; a0 += m[1] * t + u[1] * q; a1 += m[4] * t + u[4] * q; a2 += m[7] * t + u[7] * q; }
      { V xx = LD(x + j + 2*C), t = wv * LD(ux + j + 2*C) + uv * xx, q = wv * xx; a0 += m[2] * t + u[2] * q; a1 += m[5] * t + u[5] * q; a2 += m[8] * t + u[8] * q; }
    }
    ST(acc + 3*C + c) = a0;
    ST(acc + 6*C + c) = a1;
    ST(acc + 9*C + c) = a2;
  }
  for (int c = 0; c < C; c += L) {
    V a0 = LD(acc + 1*C + c);
    for (int n = 0; n < ne; n++) { const real *m = M + n*NM + 25, *u = U + n*NM + 25; const int64_t j = sender[e+n]*(int64_t)(D1*C) + 1*C + c, ww = ((e+n)*P + 5)*(int64_t)C + c; V wv = LD(w + ww), uv = LD(uw + ww);
      { V xx = LD(x + j + 0*C), t = wv * LD(ux + j + 0*C) + uv * xx, q = wv * xx; a0 += m[0] * t + u[0] * q; }
      { V xx = LD(x + j + 1*C), t = wv * LD(ux + j + 1*C) + uv * xx, q = wv * xx; a0 += m[1] * t + u[1] * q; }
      { V xx = LD(x + j + 2*C), t = wv * LD(ux + j + 2*C) + uv * xx, q = wv * xx; a0 += m[2] * t + u[2] * q; }
    }
    ST(acc + 1*C + c) = a0;
  }
  for (int c = 0; c < C; c += L) {
    V a0 = LD(acc + 12*C + c);
    V a1 = LD(acc + 15*C + c);
    V a2 = LD(acc + 18*C + c);
    V a3 = LD(acc + 21*C + c);
    V a4 = LD(acc + 24*C + c);
    for (int n = 0; n < ne; n++) { const real *m = M + n*NM + 28, *u = U + n*NM + 28; const int64_t j = sender[e+n]*(int64_t)(D1*C) + 1*C + c, ww = ((e+n)*P + 6)*(int64_t)C + c; V wv = LD(w + ww), uv = LD(uw + ww);
      { V xx = LD(x + j + 0*C), t = wv * LD(ux + j + 0*C) + uv * xx, q = wv * xx; a0 += m[0] * t + u[0] * q; a1 += m[3] * t + u[3] * q; a2 += m[6] * t + u[6] * q; a3 += m[9] * t + u[9] * q; a4 += m[12] * t + u[12] * q; }
      { V xx = LD(x + j + 1*C), t = wv * LD(ux + j + 1*C) + uv * xx, q = wv * xx; a0 += m[1] * t + u[1] * q; a1 += m[4] * t + u[4] * q; a2 += m[7] * t + u[7] * q; a3 += m[10] * t + u[10] * q; a4 += m[13] * t + u[13] * q; }
      { V xx = LD(x + j + 2*C), t = wv * LD(ux + j + 2*C) + uv * xx, q = wv * xx; a0 += m[2] * t + u[2] * q; a1 += m[5] * t + u[5] * q; a2 += m[8] * t + u[8] * q; a3 += m[11] * t + u[11] * q; a4 += m[14] * t + u[14] * q; }
    }
    ST(acc + 12*C + c) = a0;
    ST(acc + 15*C + c) = a1;
    ST(acc + 18*C + c) = a2;
    ST(acc + 21*C + c) = a3;
    ST(acc + 24*C + c) = a4;
  }
  for (int c = 0; c < C; c += L) {
    V a0 = LD(acc + 4*C + c);
    V a1 = LD(acc + 7*C + c);
    V a2 = LD(acc + 10*C + c);
    for (int n = 0; n < ne; n++) { const real *m = M + n*NM + 43, *u = U + n*NM + 43; const int64_t j = sender[e+n]*(int64_t)(D1*C) + 1*C + c, ww = ((e+n)*P + 7)*(int64_t)C + c; V wv = LD(w + ww), uv = LD(uw + ww);
      { V xx = LD(x + j + 0*C), t = wv * LD(ux + j + 0*C) + uv * xx, q = wv * xx; a0 += m[0] * t + u[0] * q; a1 += m[3] * t + u[3] * q; a2 += m[6] * t + u[6] * q; }
      { V xx = LD(x + j + 1*C), t = wv * LD(ux + j + 1*C) + uv * xx, q = wv * xx; a0 += m[1] * t + u[1] * q; a1 += m[4] * t + u[4] * q; a2 += m[7] * t + u[7] * q; }
      { V xx = LD(x + j + 2*C), t = wv * LD(ux + j + 2*C) + uv * xx, q = wv * xx; a0 += m[2] * t + u[2] * q; a1 += m[5] * t + u[5] * q; a2 += m[8] * t + u[8] * q; }
    }
    ST(acc + 4*C + c) = a0;
    ST(acc + 7*C + c) = a1;
    ST(acc + 10*C + c) = a2;
  }
  for (int c = 0; c < C; c += L) {
    V a0 = LD(acc + 27*C + c);
    V a1 = LD(acc + 29*C + c);
    V a2 = LD(acc + 31*C + c);
    V a3 = LD(acc + 33*C + c);
    V a4 = LD(acc + 35*C + c);
    V a5 = LD(acc + 37*C + c);
    V a6 = LD(acc + 39*C + c);
    for (int n = 0; n < ne; n++) { const real *m = M + n*NM + 52, *u = U + n*NM + 52; const int64_t j = sender[e+n]*(int64_t)(D1*C) + 1*C + c, ww = ((e+n)*P + 8)*(int64_t)C + c; V wv = LD(w + ww), uv = LD(uw + ww);
      { V xx = LD(x + j + 0*C), t = wv * LD(ux + j + 0*C) + uv * xx, q = wv * xx; a0 += m[0] * t + u[0] * q; a1 += m[3] * t + u[3] * q; a2 += m[6] * t + u[6] * q; a3 += m[9] * t + u[9] * q; a4 += m[12] * t + u[12] * q; a5 += m[15] * t + u[15] * q; a6 += m[18] * t + u[18] * q; }
      { V xx = LD(x + j + 1*C), t = wv * LD(ux + j + 1*C) + uv * xx, q = wv * xx; a0 += m[1] * t + u[1] * q; a1 += m[4] * t + u[4] * q; a2 += m[7] * t + u[7] * q; a3 += m[10] * t + u[10] * q; a4 += m[13] * t + u[13] * q; a5 += m[16] * t + u[16] * q; a6 += m[19] * t + u[19] * q; }
      { V xx = LD(x + j + 2*C), t = wv * LD(ux + j + 2*C) + uv * xx, q = wv * xx; a0 += m[2] * t + u[2] * q; a1 += m[5] * t + u[5] * q; a2 += m[8] * t + u[8] * q; a3 += m[11] * t + u[11] * q; a4 += m[14] * t + u[14] * q; a5 += m[17] * t + u[17] * q; a6 += m[20] * t + u[20] * q; }
    }
    ST(acc + 27*C + c) = a0;
    ST(acc + 29*C + c) = a1;
    ST(acc + 31*C + c) = a2;
    ST(acc + 33*C + c) = a3;
    ST(acc + 35*C + c) = a4;
    ST(acc + 37*C + c) = a5;
    ST(acc + 39*C + c) = a6;
  }
  for (int c = 0; c < C; c += L) {
    V a0 = LD(acc + 13*C + c);
    V a1 = LD(acc + 16*C + c);
    V a2 = LD(acc + 19*C + c);
    V a3 = LD(acc + 22*C + c);
    V a4 = LD(acc + 25*C + c);
    for (int n = 0; n < ne; n++) { const real *m = M + n*NM + 73, *u = U + n*NM + 73; const int64_t j = sender[e+n]*(int64_t)(D1*C) + 1*C + c, ww = ((e+n)*P + 9)*(int64_t)C + c; V wv = LD(w + ww), uv = LD(uw + ww);
      { V xx = LD(x + j + 0*C), t = wv * LD(ux + j + 0*C) + uv * xx, q = wv * xx; a0 += m[0] * t + u[0] * q; a1 += m[3] * t + u[3] * q; a2 += m[6] * t + u[6] * q; a3 += m[9] * t + u[9] * q; a4 += m[12] * t + u[12] * q; }
      { V xx = LD(x + j + 1*C), t = wv * LD(ux + j + 1*C) + uv * xx, q = wv * xx; a0 += m[1] * t + u[1] * q; a1 += m[4] * t + u[4] * q; a2 += m[7] * t + u[7] * q; a3 += m[10] * t + u[10] * q; a4 += m[13] * t + u[13] * q; }
      { V xx = LD(x + j + 2*C), t = wv * LD(ux + j + 2*C) + uv * xx, q = wv * xx; a0 += m[2] * t + u[2] * q; a1 += m[5] * t + u[5] * q; a2 += m[8] * t + u[8] * q; a3 += m[11] * t + u[11] * q; a4 += m[14] * t + u[14] * q; }
    }
    ST(acc + 13*C + c) = a0;
    ST(acc + 16*C + c) = a1;
    ST(acc + 19*C + c) = a2;
    ST(acc + 22*C + c) = a3;
    ST(acc + 25*C + c) = a4;
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
    V y0 = LD(yi + 2*C + c);
    V y1 = LD(yi + 5*C + c);
    V y2 = LD(yi + 8*C + c);
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
    V y0 = LD(yi + 11*C + c);
    V y1 = LD(yi + 14*C + c);
    V y2 = LD(yi + 17*C + c);
    V y3 = LD(yi + 20*C + c);
    V y4 = LD(yi + 23*C + c);
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
    V y0 = LD(yi + 26*C + c);
    V y1 = LD(yi + 28*C + c);
    V y2 = LD(yi + 30*C + c);
    V y3 = LD(yi + 32*C + c);
    V y4 = LD(yi + 34*C + c);
    V y5 = LD(yi + 36*C + c);
    V y6 = LD(yi + 38*C + c);
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
  { const real *m = M + 16, *u = U + 16;
  V S0 = {0};
  for (int c = 0; c < C; c += L) {
    V wv = LD(w + f + 4*C + c), uv = LD(uw + f + 4*C + c);
    V x0 = LD(x + j + 1*C + c), v0 = LD(ux + j + 1*C + c), t0 = {0}, r0 = {0}, q0 = wv * v0 + uv * x0;
    V x1 = LD(x + j + 2*C + c), v1 = LD(ux + j + 2*C + c), t1 = {0}, r1 = {0}, q1 = wv * v1 + uv * x1;
    V x2 = LD(x + j + 3*C + c), v2 = LD(ux + j + 3*C + c), t2 = {0}, r2 = {0}, q2 = wv * v2 + uv * x2;
    V y0 = LD(yi + 3*C + c);
    V y1 = LD(yi + 6*C + c);
    V y2 = LD(yi + 9*C + c);
    t0 += m[0] * y0; r0 += u[0] * y0;
    { V o = q0 * y0; S0 += (real)0.5773502691896257 * o; }
    t1 += m[1] * y0; r1 += u[1] * y0;
    t2 += m[2] * y0; r2 += u[2] * y0;
    t0 += m[3] * y1; r0 += u[3] * y1;
    t1 += m[4] * y1; r1 += u[4] * y1;
    { V o = q1 * y1; S0 += (real)0.5773502691896258 * o; }
    t2 += m[5] * y1; r2 += u[5] * y1;
    t0 += m[6] * y2; r0 += u[6] * y2;
    t1 += m[7] * y2; r1 += u[7] * y2;
    t2 += m[8] * y2; r2 += u[8] * y2;
    { V o = q2 * y2; S0 += (real)0.5773502691896257 * o; }
    ST(gw + f + 4*C + c) = v0 * t0 + x0 * r0 + v1 * t1 + x1 * r1 + v2 * t2 + x2 * r2;
    ST(gx + j + 1*C + c) += uv * t0 + wv * r0;
    ST(gx + j + 2*C + c) += uv * t1 + wv * r1;
    ST(gx + j + 3*C + c) += uv * t2 + wv * r2;
  }
  Yb[0] += total(S0);
  }
  { const real *m = M + 25, *u = U + 25;
  V S0 = {0};
  V S1 = {0};
  V S2 = {0};
  for (int c = 0; c < C; c += L) {
    V wv = LD(w + f + 5*C + c), uv = LD(uw + f + 5*C + c);
    V x0 = LD(x + j + 1*C + c), v0 = LD(ux + j + 1*C + c), t0 = {0}, r0 = {0}, q0 = wv * v0 + uv * x0;
    V x1 = LD(x + j + 2*C + c), v1 = LD(ux + j + 2*C + c), t1 = {0}, r1 = {0}, q1 = wv * v1 + uv * x1;
    V x2 = LD(x + j + 3*C + c), v2 = LD(ux + j + 3*C + c), t2 = {0}, r2 = {0}, q2 = wv * v2 + uv * x2;
    V y0 = LD(yi + 1*C + c);
    t0 += m[0] * y0; r0 += u[0] * y0;
    { V o = q0 * y0; S0 += (real)0.5773502691896257 * o; }
    t1 += m[1] * y0; r1 += u[1] * y0;
    { V o = q1 * y0; S1 += (real)0.5773502691896258 * o; }
    t2 += m[2] * y0; r2 += u[2] * y0;
    { V o = q2 * y0; S2 += (real)0.5773502691896257 * o; }
    ST(gw + f + 5*C + c) = v0 * t0 + x0 * r0 + v1 * t1 + x1 * r1 + v2 * t2 + x2 * r2;
    ST(gx + j + 1*C + c) += uv * t0 + wv * r0;
    ST(gx + j + 2*C + c) += uv * t1 + wv * r1;
    ST(gx + j + 3*C + c) += uv * t2 + wv * r2;
  }
  Yb[1] += total(S0);
  Yb[2] += total(S1);
  Yb[3] += total(S2);
  }
  { const real *m = M + 28, *u = U + 28;
  V S0 = {0};
  V S1 = {0};
  V S2 = {0};
  for (int c = 0; c < C; c += L) {
    V wv = LD(w + f + 6*C + c), uv = LD(uw + f + 6*C + c);
    V x0 = LD(x + j + 1*C + c), v0 = LD(ux + j + 1*C + c), t0 = {0}, r0 = {0}, q0 = wv * v0 + uv * x0;
    V x1 = LD(x + j + 2*C + c), v1 = LD(ux + j + 2*C + c), t1 = {0}, r1 = {0}, q1 = wv * v1 + uv * x1;
    V x2 = LD(x + j + 3*C + c), v2 = LD(ux + j + 3*C + c), t2 = {0}, r2 = {0}, q2 = wv * v2 + uv * x2;
    V y0 = LD(yi + 12*C + c);
    V y1 = LD(yi + 15*C + c);
    V y2 = LD(yi + 18*C + c);
    V y3 = LD(yi + 21*C + c);
    V y4 = LD(yi + 24*C + c);
    t0 += m[0] * y0; r0 += u[0] * y0;
    { V o = q0 * y0; S2 += (real)0.3162277660168379 * o; }
    t1 += m[1] * y0; r1 += u[1] * y0;
    t2 += m[2] * y0; r2 += u[2] * y0;
    { V o = q2 * y0; S0 += (real)0.3162277660168379 * o; }
    t0 += m[3] * y1; r0 += u[3] * y1;
    { V o = q0 * y1; S1 += (real)0.31622776601683794 * o; }
    t1 += m[4] * y1; r1 += u[4] * y1;
    { V o = q1 * y1; S0 += (real)0.31622776601683794 * o; }
    t2 += m[5] * y1; r2 += u[5] * y1;
    t0 += m[6] * y2; r0 += u[6] * y2;
    { V o = q0 * y2; S0 += (real)-0.18257418583505539 * o; }
    t1 += m[7] * y2; r1 += u[7] * y2;
    { V o = q1 * y2; S1 += (real)0.36514837167011077 * o; }
    t2 += m[8] * y2; r2 += u[8] * y2;
    { V o = q2 * y2; S2 += (real)-0.18257418583505539 * o; }
    t0 += m[9] * y3; r0 += u[9] * y3;
    t1 += m[10] * y3; r1 += u[10] * y3;
    { V o = q1 * y3; S2 += (real)0.31622776601683794 * o; }
    t2 += m[11] * y3; r2 += u[11] * y3;
    { V o = q2 * y3; S1 += (real)0.31622776601683794 * o; }
    t0 += m[12] * y4; r0 += u[12] * y4;
    { V o = q0 * y4; S0 += (real)-0.3162277660168379 * o; }
    t1 += m[13] * y4; r1 += u[13] * y4;
    t2 += m[14] * y4; r2 += u[14] * y4;
    { V o = q2 * y4; S2 += (real)0.3162277660168379 * o; }
    ST(gw + f + 6*C + c) = v0 * t0 + x0 * r0 + v1 * t1 + x1 * r1 + v2 * t2 + x2 * r2;
    ST(gx + j + 1*C + c) += uv * t0 + wv * r0;
    ST(gx + j + 2*C + c) += uv * t1 + wv * r1;
    ST(gx + j + 3*C + c) += uv * t2 + wv * r2;
  }
  Yb[1] += total(S0);
  Yb[2] += total(S1);
  Yb[3] += total(S2);
  }
  { const real *m = M + 43, *u = U + 43;
  V S0 = {0};
  V S1 = {0};
  V S2 = {0};
  V S3 = {0};
  V S4 = {0};
  for (int c = 0; c < C; c += L) {
    V wv = LD(w + f + 7*C + c), uv = LD(uw + f + 7*C + c);
    V x0 = LD(x + j + 1*C + c), v0 = LD(ux + j + 1*C + c), t0 = {0}, r0 = {0}, q0 = wv * v0 + uv * x0;
    V x1 = LD(x + j + 2*C + c), v1 = LD(ux + j + 2*C + c), t1 = {0}, r1 = {0}, q1 = wv * v1 + uv * x1;
    V x2 = LD(x + j + 3*C + c), v2 = LD(ux + j + 3*C + c), t2 = {0}, r2 = {0}, q2 = wv * v2 + uv * x2;
    V y0 = LD(yi + 4*C + c);
    V y1 = LD(yi + 7*C + c);
    V y2 = LD(yi + 10*C + c);
    t0 += m[0] * y0; r0 += u[0] * y0;
    { V o = q0 * y0; S2 += (real)-0.1825741858350554 * o; S4 += (real)-0.3162277660168379 * o; }
    t1 += m[1] * y0; r1 += u[1] * y0;
    { V o = q1 * y0; S1 += (real)0.31622776601683794 * o; }
    t2 += m[2] * y0; r2 += u[2] * y0;
    { V o = q2 * y0; S0 += (real)0.3162277660168379 * o; }
    t0 += m[3] * y1; r0 += u[3] * y1;
    { V o = q0 * y1; S1 += (real)0.31622776601683794 * o; }
    t1 += m[4] * y1; r1 += u[4] * y1;
    { V o = q1 * y1; S2 += (real)0.3651483716701109 * o; }
    t2 += m[5] * y1; r2 += u[5] * y1;
    { V o = q2 * y1; S3 += (real)0.31622776601683794 * o; }
    t0 += m[6] * y2; r0 += u[6] * y2;
    { V o = q0 * y2; S0 += (real)0.3162277660168379 * o; }
    t1 += m[7] * y2; r1 += u[7] * y2;
    { V o = q1 * y2; S3 += (real)0.31622776601683794 * o; }
    t2 += m[8] * y2; r2 += u[8] * y2;
    { V o = q2 * y2; S2 += (real)-0.1825741858350554 * o; S4 += (real)0.3162277660168379 * o; }
    ST(gw + f + 7*C + c) = v0 * t0 + x0 * r0 + v1 * t1 + x1 * r1 + v2 * t2 + x2 * r2;
    ST(gx + j + 1*C + c) += uv * t0 + wv * r0;
    ST(gx + j + 2*C + c) += uv * t1 + wv * r1;
    ST(gx + j + 3*C + c) += uv * t2 + wv * r2;
  }
  Yb[4] += total(S0);
  Yb[5] += total(S1);
  Yb[6] += total(S2);
  Yb[7] += total(S3);
  Yb[8] += total(S4);
  }
  { const real *m = M + 52, *u = U + 52;
  V S0 = {0};
  V S1 = {0};
  V S2 = {0};
  V S3 = {0};
  V S4 = {0};
  for (int c = 0; c < C; c += L) {
    V wv = LD(w + f + 8*C + c), uv = LD(uw + f + 8*C + c);
    V x0 = LD(x + j + 1*C + c), v0 = LD(ux + j + 1*C + c), t0 = {0}, r0 = {0}, q0 = wv * v0 + uv * x0;
    V x1 = LD(x + j + 2*C + c), v1 = LD(ux + j + 2*C + c), t1 = {0}, r1 = {0}, q1 = wv * v1 + uv * x1;
    V x2 = LD(x + j + 3*C + c), v2 = LD(ux + j + 3*C + c), t2 = {0}, r2 = {0}, q2 = wv * v2 + uv * x2;
    V y0 = LD(yi + 27*C + c);
    V y1 = LD(yi + 29*C + c);
    V y2 = LD(yi + 31*C + c);
    V y3 = LD(yi + 33*C + c);
    V y4 = LD(yi + 35*C + c);
    V y5 = LD(yi + 37*C + c);
    V y6 = LD(yi + 39*C + c);
    t0 += m[0] * y0; r0 += u[0] * y0;
    { V o = q0 * y0; S4 += (real)0.2672612419124244 * o; }
    t1 += m[1] * y0; r1 += u[1] * y0;
    t2 += m[2] * y0; r2 += u[2] * y0;
    { V o = q2 * y0; S0 += (real)0.2672612419124244 * o; }
    t0 += m[3] * y1; r0 += u[3] * y1;
    { V o = q0 * y1; S3 += (real)0.2182178902359924 * o; }
    t1 += m[4] * y1; r1 += u[4] * y1;
    { V o = q1 * y1; S0 += (real)0.2182178902359924 * o; }
    t2 += m[5] * y1; r2 += u[5] * y1;
    { V o = q2 * y1; S1 += (real)0.2182178902359924 * o; }
    t0 += m[6] * y2; r0 += u[6] * y2;
    { V o = q0 * y2; S2 += (real)0.23904572186687875 * o; S4 += (real)0.06900655593423542 * o; }
    t1 += m[7] * y2; r1 += u[7] * y2;
    { V o = q1 * y2; S1 += (real)0.2760262237369417 * o; }
    t2 += m[8] * y2; r2 += u[8] * y2;
    { V o = q2 * y2; S0 += (real)-0.06900655593423542 * o; }
    t0 += m[9] * y3; r0 += u[9] * y3;
    { V o = q0 * y3; S1 += (real)-0.16903085094570333 * o; }
    t1 += m[10] * y3; r1 += u[10] * y3;
    { V o = q1 * y3; S2 += (real)0.29277002188456 * o; }
    t2 += m[11] * y3; r2 += u[11] * y3;
    { V o = q2 * y3; S3 += (real)-0.16903085094570333 * o; }
    t0 += m[12] * y4; r0 += u[12] * y4;
    { V o = q0 * y4; S0 += (real)-0.06900655593423542 * o; }
    t1 += m[13] * y4; r1 += u[13] * y4;
    { V o = q1 * y4; S3 += (real)0.2760262237369417 * o; }
    t2 += m[14] * y4; r2 += u[14] * y4;
    { V o = q2 * y4; S2 += (real)0.23904572186687875 * o; S4 += (real)-0.06900655593423542 * o; }
    t0 += m[15] * y5; r0 += u[15] * y5;
    { V o = q0 * y5; S1 += (real)-0.2182178902359924 * o; }
    t1 += m[16] * y5; r1 += u[16] * y5;
    { V o = q1 * y5; S4 += (real)0.2182178902359924 * o; }
    t2 += m[17] * y5; r2 += u[17] * y5;
    { V o = q2 * y5; S3 += (real)0.2182178902359924 * o; }
    t0 += m[18] * y6; r0 += u[18] * y6;
    { V o = q0 * y6; S0 += (real)-0.2672612419124244 * o; }
    t1 += m[19] * y6; r1 += u[19] * y6;
    t2 += m[20] * y6; r2 += u[20] * y6;
    { V o = q2 * y6; S4 += (real)0.2672612419124244 * o; }
    ST(gw + f + 8*C + c) = v0 * t0 + x0 * r0 + v1 * t1 + x1 * r1 + v2 * t2 + x2 * r2;
    ST(gx + j + 1*C + c) += uv * t0 + wv * r0;
    ST(gx + j + 2*C + c) += uv * t1 + wv * r1;
    ST(gx + j + 3*C + c) += uv * t2 + wv * r2;
  }
  Yb[4] += total(S0);
  Yb[5] += total(S1);
  Yb[6] += total(S2);
  Yb[7] += total(S3);
  Yb[8] += total(S4);
  }
  { const real *m = M + 73, *u = U + 73;
  V S0 = {0};
  V S1 = {0};
  V S2 = {0};
  V S3 = {0};
  V S4 = {0};
  V S5 = {0};
  V S6 = {0};
  for (int c = 0; c < C; c += L) {
    V wv = LD(w + f + 9*C + c), uv = LD(uw + f + 9*C + c);
    V x0 = LD(x + j + 1*C + c), v0 = LD(ux + j + 1*C + c), t0 = {0}, r0 = {0}, q0 = wv * v0 + uv * x0;
    V x1 = LD(x + j + 2*C + c), v1 = LD(ux + j + 2*C + c), t1 = {0}, r1 = {0}, q1 = wv * v1 + uv * x1;
    V x2 = LD(x + j + 3*C + c), v2 = LD(ux + j + 3*C + c), t2 = {0}, r2 = {0}, q2 = wv * v2 + uv * x2;
    V y0 = LD(yi + 13*C + c);
    V y1 = LD(yi + 16*C + c);
    V y2 = LD(yi + 19*C + c);
    V y3 = LD(yi + 22*C + c);
    V y4 = LD(yi + 25*C + c);
    t0 += m[0] * y0; r0 += u[0] * y0;
    { V o = q0 * y0; S4 += (real)-0.06900655593423542 * o; S6 += (real)-0.26726124191242434 * o; }
    t1 += m[1] * y0; r1 += u[1] * y0;
    { V o = q1 * y0; S1 += (real)0.2182178902359924 * o; }
    t2 += m[2] * y0; r2 += u[2] * y0;
    { V o = q2 * y0; S0 += (real)0.26726124191242434 * o; S2 += (real)-0.06900655593423542 * o; }
    t0 += m[3] * y1; r0 += u[3] * y1;
    { V o = q0 * y1; S3 += (real)-0.16903085094570333 * o; S5 += (real)-0.21821789023599236 * o; }
    t1 += m[4] * y1; r1 += u[4] * y1;
    { V o = q1 * y1; S2 += (real)0.2760262237369417 * o; }
    t2 += m[5] * y1; r2 += u[5] * y1;
    { V o = q2 * y1; S1 += (real)0.21821789023599236 * o; }
    t0 += m[6] * y2; r0 += u[6] * y2;
    { V o = q0 * y2; S2 += (real)0.23904572186687872 * o; }
    t1 += m[7] * y2; r1 += u[7] * y2;
    { V o = q1 * y2; S3 += (real)0.29277002188455997 * o; }
    t2 += m[8] * y2; r2 += u[8] * y2;
    { V o = q2 * y2; S4 += (real)0.23904572186687872 * o; }
    t0 += m[9] * y3; r0 += u[9] * y3;
    { V o = q0 * y3; S1 += (real)0.21821789023599236 * o; }
    t1 += m[10] * y3; r1 += u[10] * y3;
    { V o = q1 * y3; S4 += (real)0.2760262237369417 * o; }
    t2 += m[11] * y3; r2 += u[11] * y3;
    { V o = q2 * y3; S3 += (real)-0.16903085094570333 * o; S5 += (real)0.21821789023599236 * o; }
    t0 += m[12] * y4; r0 += u[12] * y4;
    { V o = q0 * y4; S0 += (real)0.26726124191242434 * o; S2 += (real)0.06900655593423542 * o; }
    t1 += m[13] * y4; r1 += u[13] * y4;
    { V o = q1 * y4; S5 += (real)0.2182178902359924 * o; }
    t2 += m[14] * y4; r2 += u[14] * y4;
    { V o = q2 * y4; S4 += (real)-0.06900655593423542 * o; S6 += (real)0.26726124191242434 * o; }
    ST(gw + f + 9*C + c) = v0 * t0 + x0 * r0 + v1 * t1 + x1 * r1 + v2 * t2 + x2 * r2;
    ST(gx + j + 1*C + c) += uv * t0 + wv * r0;
    ST(gx + j + 2*C + c) += uv * t1 + wv * r1;
    ST(gx + j + 3*C + c) += uv * t2 + wv * r2;
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