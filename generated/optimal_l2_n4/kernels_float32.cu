/* optimal_l2_n4: rotation-invariant polynomials and their derivatives, CUDA C++17 for NVRTC.
 *
 * Basis 85c924ce04dc741202099812c21922f9cf9aa8a0c33200c1327bb89ecf3a2fbc
 * Convention sphericart. Written by invgen, codegen version 2; do not edit.
 *
 * Arrays are contiguous (samples, components, channels); a pair is one sample and channel, and no pair reads another.
 * One line for each kernel, which the runtime reads:
 * kernel {"name":"invgen_value_strided","function":"value","form":"strided","width":1,"threads":128,"arrays":["x","y"]}
 * kernel {"name":"invgen_value_wide4","function":"value","form":"wide","width":4,"threads":128,"arrays":["x","y"]}
 * kernel {"name":"invgen_value_wide2","function":"value","form":"wide","width":2,"threads":128,"arrays":["x","y"]}
 * kernel {"name":"invgen_value_tile","function":"value","form":"tile","width":1,"threads":128,"arrays":["x","y"]}
 * kernel {"name":"invgen_vjp_strided","function":"vjp","form":"strided","width":1,"threads":128,"arrays":["x","ybar","xbar"]}
 * kernel {"name":"invgen_vjp_wide4","function":"vjp","form":"wide","width":4,"threads":128,"arrays":["x","ybar","xbar"]}
 * kernel {"name":"invgen_vjp_wide2","function":"vjp","form":"wide","width":2,"threads":128,"arrays":["x","ybar","xbar"]}
 * kernel {"name":"invgen_vjp_tile","function":"vjp","form":"tile","width":1,"threads":128,"arrays":["x","ybar","xbar"]}
 * kernel {"name":"invgen_value_and_vjp_strided","function":"value_and_vjp","form":"strided","width":1,"threads":128,"arrays":["x","ybar","y","xbar"]}
 * kernel {"name":"invgen_value_and_vjp_wide4","function":"value_and_vjp","form":"wide","width":4,"threads":128,"arrays":["x","ybar","y","xbar"]}
 * kernel {"name":"invgen_value_and_vjp_wide2","function":"value_and_vjp","form":"wide","width":2,"threads":128,"arrays":["x","ybar","y","xbar"]}
 * kernel {"name":"invgen_value_and_vjp_tile","function":"value_and_vjp","form":"tile","width":1,"threads":128,"arrays":["x","ybar","y","xbar"]}
 * kernel {"name":"invgen_jvp_strided","function":"jvp","form":"strided","width":1,"threads":128,"arrays":["x","u","ydot"]}
 * kernel {"name":"invgen_jvp_wide4","function":"jvp","form":"wide","width":4,"threads":128,"arrays":["x","u","ydot"]}
 * kernel {"name":"invgen_jvp_wide2","function":"jvp","form":"wide","width":2,"threads":128,"arrays":["x","u","ydot"]}
 * kernel {"name":"invgen_jvp_tile","function":"jvp","form":"tile","width":1,"threads":128,"arrays":["x","u","ydot"]}
 * kernel {"name":"invgen_vjp_of_vjp_strided","function":"vjp_of_vjp","form":"strided","width":1,"threads":128,"arrays":["x","ybar","u","grad_x","grad_ybar"]}
 * kernel {"name":"invgen_vjp_of_vjp_wide4","function":"vjp_of_vjp","form":"wide","width":4,"threads":128,"arrays":["x","ybar","u","grad_x","grad_ybar"]}
 * kernel {"name":"invgen_vjp_of_vjp_wide2","function":"vjp_of_vjp","form":"wide","width":2,"threads":128,"arrays":["x","ybar","u","grad_x","grad_ybar"]}
 * kernel {"name":"invgen_vjp_of_vjp_tile","function":"vjp_of_vjp","form":"tile","width":1,"threads":128,"arrays":["x","ybar","u","grad_x","grad_ybar"]}
 */
typedef float real;
typedef long long int64;

enum { REAL_BYTES = 4 };

/* WIDTH neighbouring channels: one access to memory. */
template <int WIDTH> struct alignas(WIDTH * REAL_BYTES) Pack {
    real lane[WIDTH];
};

/* One row of components in memory. */
struct Input {
    const real *__restrict__ first;
    int64 stride;
    __device__ __forceinline__ real operator()(int k) const { return first[k * stride]; }
};

struct Output {
    real *__restrict__ first;
    int64 stride;
    __device__ __forceinline__ real &operator()(int k) const { return first[k * stride]; }
};

/* One lane of components that are held WIDTH channels wide. */
template <int WIDTH> struct InputLane {
    const Pack<WIDTH> *held;
    int lane;
    __device__ __forceinline__ real operator()(int k) const { return held[k].lane[lane]; }
};

template <int WIDTH> struct OutputLane {
    Pack<WIDTH> *held;
    int lane;
    __device__ __forceinline__ real &operator()(int k) const { return held[k].lane[lane]; }
};

/* The quotient of two numbers that are not negative; both fit 32 bits but for the largest arrays. */
static __device__ __forceinline__ int64 quotient(int64 a, int64 b)
{
    return (a | b) >> 32 ? a / b : (int64)((unsigned)a / (unsigned)b);
}

/* The first element of a pair's row in an array of so many components. */
static __device__ __forceinline__ int64 row(int64 pair, int64 channels, int components)
{
    const int64 sample = quotient(pair, channels);
    return sample * channels * (components - 1) + pair;
}

/* Consecutive elements to shared memory, component k of sample s to s * pitch + k. */
template <int COMPONENTS, int PITCH, int THREADS>
__device__ __forceinline__ void fetch(real *tile, const real *__restrict__ array, int64 begin, int elements)
{
    for (int i = threadIdx.x; i < elements; i += THREADS)
        tile[i / COMPONENTS * PITCH + i % COMPONENTS] = array[begin + i];
}

template <int COMPONENTS, int PITCH, int THREADS>
__device__ __forceinline__ void deliver(real *__restrict__ array, const real *tile, int64 begin, int elements)
{
    for (int i = threadIdx.x; i < elements; i += THREADS)
        array[begin + i] = tile[i / COMPONENTS * PITCH + i % COMPONENTS];
}

/* value_body: 83 operations per pair. */
template <class X, class Y>
__device__ __forceinline__ void value_body(const X x, const Y y)
{
    const real v0 = x(0);
    const real v9 = 0x1.c5bf8ap+1f * v0;
    y(0) = v9;
    const real v1 = x(1);
    const real v10 = 0x1.05f8bep+1f * v1;
    const real v11 = v10 * v10;
    const real v3 = x(3);
    const real v12 = 0x1.05f8bep+1f * v3;
    const real v13 = v12 * v12;
    const real v14 = v13 + v11;
    const real v2 = x(2);
    const real v15 = 0x1.05f8bep+1f * v2;
    const real v16 = v15 * v15;
    const real v17 = v16 + v14;
    y(1) = v17;
    const real v8 = x(8);
    const real v18 = 0x1.d4a10ep-1f * v8;
    const real v6 = x(6);
    const real v19 = 0x1.0e902ap-1f * v6;
    const real v20 = v19 + v18;
    const real v21 = v20 * v20;
    const real v4 = x(4);
    const real v22 = 0x1.d4a10ep-1f * v4;
    const real v23 = v22 * v22;
    const real v24 = v23 + v21;
    const real v5 = x(5);
    const real v25 = 0x1.d4a10ep-1f * v5;
    const real v26 = v25 * v25;
    const real v27 = v26 + v24;
    const real v28 = v18 - v19;
    const real v29 = v28 * v28;
    const real v30 = v29 + v23;
    const real v7 = x(7);
    const real v31 = 0x1.d4a10ep-1f * v7;
    const real v32 = v31 * v31;
    const real v33 = v32 + v30;
    const real v34 = v33 + v27;
    const real v35 = v32 + v26;
    const real v36 = 0x1.0e902ap+0f * v6;
    const real v37 = v36 * v36;
    const real v38 = v37 + v35;
    const real v39 = v38 + v34;
    y(2) = v39;
    const real v40 = v15 * v25;
    const real v41 = v12 * v22;
    const real v42 = v41 + v40;
    const real v43 = v10 * v20;
    const real v44 = v42 - v43;
    const real v45 = v10 * v44;
    const real v46 = v10 * v22;
    const real v47 = v12 * v28;
    const real v48 = v47 + v46;
    const real v49 = v15 * v31;
    const real v50 = v49 + v48;
    const real v51 = v12 * v50;
    const real v52 = v51 + v45;
    const real v53 = v10 * v25;
    const real v54 = v12 * v31;
    const real v55 = v54 + v53;
    const real v56 = v15 * v36;
    const real v57 = v56 + v55;
    const real v58 = v15 * v57;
    const real v59 = v58 + v52;
    y(3) = v59;
    const real v60 = v22 * v25;
    const real v61 = v31 * v28;
    const real v62 = v61 + v60;
    const real v63 = v31 * v36;
    const real v64 = v63 + v62;
    const real v65 = v31 * v64;
    const real v66 = v25 * v31;
    const real v67 = v22 * v28;
    const real v68 = v67 + v66;
    const real v69 = v22 * v20;
    const real v70 = v68 - v69;
    const real v71 = v22 * v70;
    const real v72 = v71 + v65;
    const real v73 = v25 * v36;
    const real v74 = v22 * v31;
    const real v75 = v74 + v73;
    const real v76 = v25 * v20;
    const real v77 = v75 - v76;
    const real v78 = v25 * v77;
    const real v79 = v78 + v72;
    const real v80 = 0x1p+1f * v79;
    const real v81 = v28 * v33;
    const real v82 = v36 * v38;
    const real v83 = v81 + v82;
    const real v84 = v20 * v27;
    const real v85 = v83 - v84;
    const real v86 = v85 + v80;
    y(4) = v86;
    const real v87 = v44 * v44;
    const real v88 = v50 * v50;
    const real v89 = v88 + v87;
    const real v90 = v57 * v57;
    const real v91 = v90 + v89;
    y(5) = v91;
}

/* vjp_body: 189 operations per pair. */
template <class X, class YBAR, class XBAR>
__device__ __forceinline__ void vjp_body(const X x, const YBAR ybar, const XBAR xbar)
{
    const real v9 = ybar(0);
    const real v15 = 0x1.c5bf8ap+1f * v9;
    xbar(0) = v15;
    const real v5 = x(5);
    const real v16 = 0x1.d4a10ep-1f * v5;
    const real v2 = x(2);
    const real v17 = 0x1.05f8bep+1f * v2;
    const real v18 = v17 * v16;
    const real v4 = x(4);
    const real v19 = 0x1.d4a10ep-1f * v4;
    const real v3 = x(3);
    const real v20 = 0x1.05f8bep+1f * v3;
    const real v21 = v20 * v19;
    const real v22 = v21 + v18;
    const real v8 = x(8);
    const real v23 = 0x1.d4a10ep-1f * v8;
    const real v6 = x(6);
    const real v24 = 0x1.0e902ap-1f * v6;
    const real v25 = v24 + v23;
    const real v1 = x(1);
    const real v26 = 0x1.05f8bep+1f * v1;
    const real v27 = v26 * v25;
    const real v28 = v22 - v27;
    const real v12 = ybar(3);
    const real v29 = v12 * v28;
    const real v10 = ybar(1);
    const real v30 = 0x1p+1f * v10;
    const real v31 = v26 * v30;
    const real v32 = v31 + v29;
    const real v33 = v26 * v16;
    const real v7 = x(7);
    const real v34 = 0x1.d4a10ep-1f * v7;
    const real v35 = v20 * v34;
    const real v36 = v35 + v33;
    const real v37 = 0x1.0e902ap+0f * v6;
    const real v38 = v17 * v37;
    const real v39 = v38 + v36;
    const real v14 = ybar(5);
    const real v40 = 0x1p+1f * v14;
    const real v41 = v39 * v40;
    const real v42 = v12 * v17;
    const real v43 = v42 + v41;
    const real v44 = v16 * v43;
    const real v45 = v44 + v32;
    const real v46 = v26 * v19;
    const real v47 = v23 - v24;
    const real v48 = v20 * v47;
    const real v49 = v48 + v46;
    const real v50 = v17 * v34;
    const real v51 = v50 + v49;
    const real v52 = v51 * v40;
    const real v53 = v12 * v20;
    const real v54 = v53 + v52;
    const real v55 = v19 * v54;
    const real v56 = v55 + v45;
    const real v57 = v28 * v40;
    const real v58 = v12 * v26;
    const real v59 = v58 + v57;
    const real v60 = v25 * v59;
    const real v61 = v56 - v60;
    const real v62 = 0x1.05f8bep+1f * v61;
    xbar(1) = v62;
    const real v63 = v12 * v39;
    const real v64 = v17 * v30;
    const real v65 = v64 + v63;
    const real v66 = v37 * v43;
    const real v67 = v66 + v65;
    const real v68 = v16 * v59;
    const real v69 = v68 + v67;
    const real v70 = v34 * v54;
    const real v71 = v70 + v69;
    const real v72 = 0x1.05f8bep+1f * v71;
    xbar(2) = v72;
    const real v73 = v12 * v51;
    const real v74 = v20 * v30;
    const real v75 = v74 + v73;
    const real v76 = v34 * v43;
    const real v77 = v76 + v75;
    const real v78 = v19 * v59;
    const real v79 = v78 + v77;
    const real v80 = v47 * v54;
    const real v81 = v80 + v79;
    const real v82 = 0x1.05f8bep+1f * v81;
    xbar(3) = v82;
    const real v83 = v16 * v34;
    const real v84 = v19 * v47;
    const real v85 = v84 + v83;
    const real v86 = v19 * v25;
    const real v87 = v85 - v86;
    const real v13 = ybar(4);
    const real v88 = 0x1p+1f * v13;
    const real v89 = v87 * v88;
    const real v90 = v16 * v88;
    const real v91 = v34 * v90;
    const real v92 = v89 + v91;
    const real v93 = v34 * v88;
    const real v94 = v16 * v93;
    const real v95 = v94 + v92;
    const real v96 = v47 - v25;
    const real v97 = v19 * v88;
    const real v98 = v97 * v96;
    const real v99 = v98 + v95;
    const real v100 = v13 * v47;
    const real v11 = ybar(2);
    const real v101 = v11 + v100;
    const real v102 = v13 * v25;
    const real v103 = v11 - v102;
    const real v104 = v103 + v101;
    const real v105 = 0x1p+1f * v104;
    const real v106 = v19 * v105;
    const real v107 = v106 + v99;
    const real v108 = v20 * v59;
    const real v109 = v108 + v107;
    const real v110 = v26 * v54;
    const real v111 = v110 + v109;
    const real v112 = 0x1.d4a10ep-1f * v111;
    xbar(4) = v112;
    const real v113 = v37 - v25;
    const real v114 = v90 * v113;
    const real v115 = v16 * v37;
    const real v116 = v19 * v34;
    const real v117 = v116 + v115;
    const real v118 = v16 * v25;
    const real v119 = v117 - v118;
    const real v120 = v119 * v88;
    const real v121 = v120 + v114;
    const real v122 = v13 * v37;
    const real v123 = v11 + v122;
    const real v124 = v123 + v103;
    const real v125 = 0x1p+1f * v124;
    const real v126 = v16 * v125;
    const real v127 = v126 + v121;
    const real v128 = v19 * v93;
    const real v129 = v128 + v127;
    const real v130 = v34 * v97;
    const real v131 = v130 + v129;
    const real v132 = v26 * v43;
    const real v133 = v132 + v131;
    const real v134 = v17 * v59;
    const real v135 = v134 + v133;
    const real v136 = 0x1.d4a10ep-1f * v135;
    xbar(5) = v136;
    const real v137 = v19 * v97;
    const real v138 = v34 * v93;
    const real v139 = v138 + v137;
    const real v140 = v47 * v47;
    const real v141 = v19 * v19;
    const real v142 = v140 + v141;
    const real v143 = v34 * v34;
    const real v144 = v143 + v142;
    const real v145 = v13 * v144;
    const real v146 = v145 + v139;
    const real v147 = 0x1p+1f * v101;
    const real v148 = v47 * v147;
    const real v149 = v148 + v146;
    const real v150 = v20 * v54;
    const real v151 = v150 + v149;
    const real v152 = 0x1p+1f * v103;
    const real v153 = v25 * v152;
    const real v154 = v16 * v90;
    const real v155 = v153 - v154;
    const real v156 = v25 * v25;
    const real v157 = v141 + v156;
    const real v158 = v16 * v16;
    const real v159 = v158 + v157;
    const real v160 = v13 * v159;
    const real v161 = v155 - v160;
    const real v162 = v161 - v137;
    const real v163 = v26 * v59;
    const real v164 = v162 - v163;
    const real v165 = v164 - v151;
    const real v166 = 0x1.0e902ap-1f * v165;
    const real v167 = 0x1p+1f * v123;
    const real v168 = v37 * v167;
    const real v169 = v143 + v158;
    const real v170 = v37 * v37;
    const real v171 = v170 + v169;
    const real v172 = v13 * v171;
    const real v173 = v172 + v168;
    const real v174 = v154 + v173;
    const real v175 = v138 + v174;
    const real v176 = v17 * v43;
    const real v177 = v176 + v175;
    const real v178 = 0x1.0e902ap+0f * v177;
    const real v179 = v178 + v166;
    xbar(6) = v179;
    const real v180 = v19 * v16;
    const real v181 = v34 * v47;
    const real v182 = v181 + v180;
    const real v183 = v34 * v37;
    const real v184 = v183 + v182;
    const real v185 = v184 * v88;
    const real v186 = v19 * v90;
    const real v187 = v185 + v186;
    const real v188 = v47 + v37;
    const real v189 = v93 * v188;
    const real v190 = v189 + v187;
    const real v191 = v16 * v97;
    const real v192 = v191 + v190;
    const real v193 = v123 + v101;
    const real v194 = 0x1p+1f * v193;
    const real v195 = v34 * v194;
    const real v196 = v195 + v192;
    const real v197 = v20 * v43;
    const real v198 = v197 + v196;
    const real v199 = v17 * v54;
    const real v200 = v199 + v198;
    const real v201 = 0x1.d4a10ep-1f * v200;
    xbar(7) = v201;
    const real v202 = v164 + v151;
    const real v203 = 0x1.d4a10ep-1f * v202;
    xbar(8) = v203;
}

/* value_and_vjp_body: 219 operations per pair. */
template <class X, class YBAR, class Y, class XBAR>
__device__ __forceinline__ void value_and_vjp_body(const X x, const YBAR ybar, const Y y, const XBAR xbar)
{
    const real v0 = x(0);
    const real v15 = 0x1.c5bf8ap+1f * v0;
    y(0) = v15;
    const real v1 = x(1);
    const real v16 = 0x1.05f8bep+1f * v1;
    const real v17 = v16 * v16;
    const real v3 = x(3);
    const real v18 = 0x1.05f8bep+1f * v3;
    const real v19 = v18 * v18;
    const real v20 = v19 + v17;
    const real v2 = x(2);
    const real v21 = 0x1.05f8bep+1f * v2;
    const real v22 = v21 * v21;
    const real v23 = v22 + v20;
    y(1) = v23;
    const real v8 = x(8);
    const real v24 = 0x1.d4a10ep-1f * v8;
    const real v6 = x(6);
    const real v25 = 0x1.0e902ap-1f * v6;
    const real v26 = v25 + v24;
    const real v27 = v26 * v26;
    const real v4 = x(4);
    const real v28 = 0x1.d4a10ep-1f * v4;
    const real v29 = v28 * v28;
    const real v30 = v29 + v27;
    const real v5 = x(5);
    const real v31 = 0x1.d4a10ep-1f * v5;
    const real v32 = v31 * v31;
    const real v33 = v32 + v30;
    const real v34 = v24 - v25;
    const real v35 = v34 * v34;
    const real v36 = v35 + v29;
    const real v7 = x(7);
    const real v37 = 0x1.d4a10ep-1f * v7;
    const real v38 = v37 * v37;
    const real v39 = v38 + v36;
    const real v40 = v39 + v33;
    const real v41 = v38 + v32;
    const real v42 = 0x1.0e902ap+0f * v6;
    const real v43 = v42 * v42;
    const real v44 = v43 + v41;
    const real v45 = v44 + v40;
    y(2) = v45;
    const real v46 = v21 * v31;
    const real v47 = v18 * v28;
    const real v48 = v47 + v46;
    const real v49 = v16 * v26;
    const real v50 = v48 - v49;
    const real v51 = v16 * v50;
    const real v52 = v16 * v28;
    const real v53 = v18 * v34;
    const real v54 = v53 + v52;
    const real v55 = v21 * v37;
    const real v56 = v55 + v54;
    const real v57 = v18 * v56;
    const real v58 = v57 + v51;
    const real v59 = v16 * v31;
    const real v60 = v18 * v37;
    const real v61 = v60 + v59;
    const real v62 = v21 * v42;
    const real v63 = v62 + v61;
    const real v64 = v21 * v63;
    const real v65 = v64 + v58;
    y(3) = v65;
    const real v66 = v28 * v31;
    const real v67 = v37 * v34;
    const real v68 = v67 + v66;
    const real v69 = v37 * v42;
    const real v70 = v69 + v68;
    const real v71 = v37 * v70;
    const real v72 = v31 * v37;
    const real v73 = v28 * v34;
    const real v74 = v73 + v72;
    const real v75 = v28 * v26;
    const real v76 = v74 - v75;
    const real v77 = v28 * v76;
    const real v78 = v77 + v71;
    const real v79 = v31 * v42;
    const real v80 = v28 * v37;
    const real v81 = v80 + v79;
    const real v82 = v31 * v26;
    const real v83 = v81 - v82;
    const real v84 = v31 * v83;
    const real v85 = v84 + v78;
    const real v86 = 0x1p+1f * v85;
    const real v87 = v34 * v39;
    const real v88 = v42 * v44;
    const real v89 = v87 + v88;
    const real v90 = v26 * v33;
    const real v91 = v89 - v90;
    const real v92 = v91 + v86;
    y(4) = v92;
    const real v93 = v50 * v50;
    const real v94 = v56 * v56;
    const real v95 = v94 + v93;
    const real v96 = v63 * v63;
    const real v97 = v96 + v95;
    y(5) = v97;
    const real v9 = ybar(0);
    const real v98 = 0x1.c5bf8ap+1f * v9;
    xbar(0) = v98;
    const real v12 = ybar(3);
    const real v99 = v12 * v50;
    const real v10 = ybar(1);
    const real v100 = 0x1p+1f * v10;
    const real v101 = v16 * v100;
    const real v102 = v101 + v99;
    const real v14 = ybar(5);
    const real v103 = 0x1p+1f * v14;
    const real v104 = v63 * v103;
    const real v105 = v12 * v21;
    const real v106 = v105 + v104;
    const real v107 = v31 * v106;
    const real v108 = v107 + v102;
    const real v109 = v56 * v103;
    const real v110 = v12 * v18;
    const real v111 = v110 + v109;
    const real v112 = v28 * v111;
    const real v113 = v112 + v108;
    const real v114 = v50 * v103;
    const real v115 = v12 * v16;
    const real v116 = v115 + v114;
    const real v117 = v26 * v116;
    const real v118 = v113 - v117;
    const real v119 = 0x1.05f8bep+1f * v118;
    xbar(1) = v119;
    const real v120 = v12 * v63;
    const real v121 = v21 * v100;
    const real v122 = v121 + v120;
    const real v123 = v42 * v106;
    const real v124 = v123 + v122;
    const real v125 = v31 * v116;
    const real v126 = v125 + v124;
    const real v127 = v37 * v111;
    const real v128 = v127 + v126;
    const real v129 = 0x1.05f8bep+1f * v128;
    xbar(2) = v129;
    const real v130 = v12 * v56;
    const real v131 = v18 * v100;
    const real v132 = v131 + v130;
    const real v133 = v37 * v106;
    const real v134 = v133 + v132;
    const real v135 = v28 * v116;
    const real v136 = v135 + v134;
    const real v137 = v34 * v111;
    const real v138 = v137 + v136;
    const real v139 = 0x1.05f8bep+1f * v138;
    xbar(3) = v139;
    const real v13 = ybar(4);
    const real v140 = 0x1p+1f * v13;
    const real v141 = v76 * v140;
    const real v142 = v31 * v140;
    const real v143 = v37 * v142;
    const real v144 = v141 + v143;
    const real v145 = v37 * v140;
    const real v146 = v31 * v145;
    const real v147 = v146 + v144;
    const real v148 = v34 - v26;
    const real v149 = v28 * v140;
    const real v150 = v149 * v148;
    const real v151 = v150 + v147;
    const real v152 = v13 * v34;
    const real v11 = ybar(2);
    const real v153 = v11 + v152;
    const real v154 = v13 * v26;
    const real v155 = v11 - v154;
    const real v156 = v155 + v153;
    const real v157 = 0x1p+1f * v156;
    const real v158 = v28 * v157;
    const real v159 = v158 + v151;
    const real v160 = v18 * v116;
    const real v161 = v160 + v159;
    const real v162 = v16 * v111;
    const real v163 = v162 + v161;
    const real v164 = 0x1.d4a10ep-1f * v163;
    xbar(4) = v164;
    const real v165 = v42 - v26;
    const real v166 = v142 * v165;
    const real v167 = v83 * v140;
    const real v168 = v167 + v166;
    const real v169 = v13 * v42;
    const real v170 = v11 + v169;
    const real v171 = v170 + v155;
    const real v172 = 0x1p+1f * v171;
    const real v173 = v31 * v172;
    const real v174 = v173 + v168;
    const real v175 = v28 * v145;
    const real v176 = v175 + v174;
    const real v177 = v37 * v149;
    const real v178 = v177 + v176;
    const real v179 = v16 * v106;
    const real v180 = v179 + v178;
    const real v181 = v21 * v116;
    const real v182 = v181 + v180;
    const real v183 = 0x1.d4a10ep-1f * v182;
    xbar(5) = v183;
    const real v184 = v28 * v149;
    const real v185 = v37 * v145;
    const real v186 = v185 + v184;
    const real v187 = v13 * v39;
    const real v188 = v187 + v186;
    const real v189 = 0x1p+1f * v153;
    const real v190 = v34 * v189;
    const real v191 = v190 + v188;
    const real v192 = v18 * v111;
    const real v193 = v192 + v191;
    const real v194 = 0x1p+1f * v155;
    const real v195 = v26 * v194;
    const real v196 = v31 * v142;
    const real v197 = v195 - v196;
    const real v198 = v13 * v33;
    const real v199 = v197 - v198;
    const real v200 = v199 - v184;
    const real v201 = v16 * v116;
    const real v202 = v200 - v201;
    const real v203 = v202 - v193;
    const real v204 = 0x1.0e902ap-1f * v203;
    const real v205 = 0x1p+1f * v170;
    const real v206 = v42 * v205;
    const real v207 = v13 * v44;
    const real v208 = v207 + v206;
    const real v209 = v196 + v208;
    const real v210 = v185 + v209;
    const real v211 = v21 * v106;
    const real v212 = v211 + v210;
    const real v213 = 0x1.0e902ap+0f * v212;
    const real v214 = v213 + v204;
    xbar(6) = v214;
    const real v215 = v70 * v140;
    const real v216 = v28 * v142;
    const real v217 = v215 + v216;
    const real v218 = v34 + v42;
    const real v219 = v145 * v218;
    const real v220 = v219 + v217;
    const real v221 = v31 * v149;
    const real v222 = v221 + v220;
    const real v223 = v170 + v153;
    const real v224 = 0x1p+1f * v223;
    const real v225 = v37 * v224;
    const real v226 = v225 + v222;
    const real v227 = v18 * v106;
    const real v228 = v227 + v226;
    const real v229 = v21 * v111;
    const real v230 = v229 + v228;
    const real v231 = 0x1.d4a10ep-1f * v230;
    xbar(7) = v231;
    const real v232 = v202 + v193;
    const real v233 = 0x1.d4a10ep-1f * v232;
    xbar(8) = v233;
}

/* jvp_body: 196 operations per pair. */
template <class X, class U, class YDOT>
__device__ __forceinline__ void jvp_body(const X x, const U u, const YDOT ydot)
{
    const real v9 = u(0);
    const real v18 = 0x1.c5bf8ap+1f * v9;
    ydot(0) = v18;
    const real v10 = u(1);
    const real v19 = 0x1.05f8bep+1f * v10;
    const real v1 = x(1);
    const real v20 = 0x1.05f8bep+1f * v1;
    const real v21 = v20 * v19;
    const real v12 = u(3);
    const real v22 = 0x1.05f8bep+1f * v12;
    const real v3 = x(3);
    const real v23 = 0x1.05f8bep+1f * v3;
    const real v24 = v23 * v22;
    const real v25 = v24 + v21;
    const real v11 = u(2);
    const real v26 = 0x1.05f8bep+1f * v11;
    const real v2 = x(2);
    const real v27 = 0x1.05f8bep+1f * v2;
    const real v28 = v27 * v26;
    const real v29 = v28 + v25;
    const real v30 = 0x1p+1f * v29;
    ydot(1) = v30;
    const real v17 = u(8);
    const real v31 = 0x1.d4a10ep-1f * v17;
    const real v15 = u(6);
    const real v32 = 0x1.0e902ap-1f * v15;
    const real v33 = v32 + v31;
    const real v8 = x(8);
    const real v34 = 0x1.d4a10ep-1f * v8;
    const real v6 = x(6);
    const real v35 = 0x1.0e902ap-1f * v6;
    const real v36 = v35 + v34;
    const real v37 = v36 * v33;
    const real v13 = u(4);
    const real v38 = 0x1.d4a10ep-1f * v13;
    const real v4 = x(4);
    const real v39 = 0x1.d4a10ep-1f * v4;
    const real v40 = v39 * v38;
    const real v41 = v40 + v37;
    const real v14 = u(5);
    const real v42 = 0x1.d4a10ep-1f * v14;
    const real v5 = x(5);
    const real v43 = 0x1.d4a10ep-1f * v5;
    const real v44 = v43 * v42;
    const real v45 = v44 + v41;
    const real v46 = v31 - v32;
    const real v47 = v34 - v35;
    const real v48 = v47 * v46;
    const real v49 = v48 + v40;
    const real v16 = u(7);
    const real v50 = 0x1.d4a10ep-1f * v16;
    const real v7 = x(7);
    const real v51 = 0x1.d4a10ep-1f * v7;
    const real v52 = v51 * v50;
    const real v53 = v52 + v49;
    const real v54 = v53 + v45;
    const real v55 = v52 + v44;
    const real v56 = 0x1.0e902ap+0f * v15;
    const real v57 = 0x1.0e902ap+0f * v6;
    const real v58 = v57 * v56;
    const real v59 = v58 + v55;
    const real v60 = v59 + v54;
    const real v61 = 0x1p+1f * v60;
    ydot(2) = v61;
    const real v62 = v27 * v42;
    const real v63 = v43 * v26;
    const real v64 = v63 + v62;
    const real v65 = v23 * v38;
    const real v66 = v39 * v22;
    const real v67 = v66 + v65;
    const real v68 = v67 + v64;
    const real v69 = v20 * v33;
    const real v70 = v36 * v19;
    const real v71 = v70 + v69;
    const real v72 = v68 - v71;
    const real v73 = v20 * v72;
    const real v74 = v27 * v43;
    const real v75 = v23 * v39;
    const real v76 = v75 + v74;
    const real v77 = v20 * v36;
    const real v78 = v76 - v77;
    const real v79 = v78 * v19;
    const real v80 = v79 + v73;
    const real v81 = v20 * v38;
    const real v82 = v39 * v19;
    const real v83 = v82 + v81;
    const real v84 = v23 * v46;
    const real v85 = v47 * v22;
    const real v86 = v85 + v84;
    const real v87 = v86 + v83;
    const real v88 = v27 * v50;
    const real v89 = v51 * v26;
    const real v90 = v89 + v88;
    const real v91 = v90 + v87;
    const real v92 = v23 * v91;
    const real v93 = v20 * v39;
    const real v94 = v23 * v47;
    const real v95 = v94 + v93;
    const real v96 = v27 * v51;
    const real v97 = v96 + v95;
    const real v98 = v97 * v22;
    const real v99 = v98 + v92;
    const real v100 = v99 + v80;
    const real v101 = v20 * v42;
    const real v102 = v43 * v19;
    const real v103 = v102 + v101;
    const real v104 = v23 * v50;
    const real v105 = v51 * v22;
    const real v106 = v105 + v104;
    const real v107 = v106 + v103;
    const real v108 = v27 * v56;
    const real v109 = v57 * v26;
    const real v110 = v109 + v108;
    const real v111 = v110 + v107;
    const real v112 = v27 * v111;
    const real v113 = v20 * v43;
    const real v114 = v23 * v51;
    const real v115 = v114 + v113;
    const real v116 = v27 * v57;
    const real v117 = v116 + v115;
    const real v118 = v117 * v26;
    const real v119 = v118 + v112;
    const real v120 = v119 + v100;
    ydot(3) = v120;
    const real v121 = v39 * v42;
    const real v122 = v43 * v38;
    const real v123 = v122 + v121;
    const real v124 = v51 * v46;
    const real v125 = v47 * v50;
    const real v126 = v125 + v124;
    const real v127 = v126 + v123;
    const real v128 = v51 * v56;
    const real v129 = v57 * v50;
    const real v130 = v129 + v128;
    const real v131 = v130 + v127;
    const real v132 = v51 * v131;
    const real v133 = v39 * v43;
    const real v134 = v51 * v47;
    const real v135 = v134 + v133;
    const real v136 = v51 * v57;
    const real v137 = v136 + v135;
    const real v138 = v137 * v50;
    const real v139 = v138 + v132;
    const real v140 = v43 * v50;
    const real v141 = v51 * v42;
    const real v142 = v141 + v140;
    const real v143 = v39 * v46;
    const real v144 = v47 * v38;
    const real v145 = v144 + v143;
    const real v146 = v145 + v142;
    const real v147 = v39 * v33;
    const real v148 = v36 * v38;
    const real v149 = v148 + v147;
    const real v150 = v146 - v149;
    const real v151 = v39 * v150;
    const real v152 = v43 * v51;
    const real v153 = v39 * v47;
    const real v154 = v153 + v152;
    const real v155 = v39 * v36;
    const real v156 = v154 - v155;
    const real v157 = v156 * v38;
    const real v158 = v157 + v151;
    const real v159 = v158 + v139;
    const real v160 = v43 * v56;
    const real v161 = v57 * v42;
    const real v162 = v161 + v160;
    const real v163 = v39 * v50;
    const real v164 = v51 * v38;
    const real v165 = v164 + v163;
    const real v166 = v165 + v162;
    const real v167 = v43 * v33;
    const real v168 = v36 * v42;
    const real v169 = v168 + v167;
    const real v170 = v166 - v169;
    const real v171 = v43 * v170;
    const real v172 = v43 * v57;
    const real v173 = v39 * v51;
    const real v174 = v173 + v172;
    const real v175 = v43 * v36;
    const real v176 = v174 - v175;
    const real v177 = v176 * v42;
    const real v178 = v177 + v171;
    const real v179 = v178 + v159;
    const real v180 = 0x1p+1f * v179;
    const real v181 = 0x1p+1f * v53;
    const real v182 = v47 * v181;
    const real v183 = v47 * v47;
    const real v184 = v39 * v39;
    const real v185 = v183 + v184;
    const real v186 = v51 * v51;
    const real v187 = v186 + v185;
    const real v188 = v187 * v46;
    const real v189 = v188 + v182;
    const real v190 = 0x1p+1f * v59;
    const real v191 = v57 * v190;
    const real v192 = v43 * v43;
    const real v193 = v186 + v192;
    const real v194 = v57 * v57;
    const real v195 = v194 + v193;
    const real v196 = v195 * v56;
    const real v197 = v196 + v191;
    const real v198 = v189 + v197;
    const real v199 = 0x1p+1f * v45;
    const real v200 = v36 * v199;
    const real v201 = v36 * v36;
    const real v202 = v184 + v201;
    const real v203 = v192 + v202;
    const real v204 = v203 * v33;
    const real v205 = v204 + v200;
    const real v206 = v198 - v205;
    const real v207 = v206 + v180;
    ydot(4) = v207;
    const real v208 = v78 * v72;
    const real v209 = v97 * v91;
    const real v210 = v209 + v208;
    const real v211 = v117 * v111;
    const real v212 = v211 + v210;
    const real v213 = 0x1p+1f * v212;
    ydot(5) = v213;
}

/* vjp_of_vjp_body: 430 operations per pair. */
template <class X, class YBAR, class U, class GRAD_X, class GRAD_YBAR>
__device__ __forceinline__ void vjp_of_vjp_body(const X x, const YBAR ybar, const U u, const GRAD_X grad_x, const GRAD_YBAR grad_ybar)
{
    const real v24 = 0x0p+0f;
    grad_x(0) = v24;
    const real v15 = u(0);
    const real v25 = 0x1.c5bf8ap+1f * v15;
    grad_ybar(0) = v25;
    const real v16 = u(1);
    const real v26 = 0x1.05f8bep+1f * v16;
    const real v1 = x(1);
    const real v27 = 0x1.05f8bep+1f * v1;
    const real v28 = v27 * v26;
    const real v18 = u(3);
    const real v29 = 0x1.05f8bep+1f * v18;
    const real v3 = x(3);
    const real v30 = 0x1.05f8bep+1f * v3;
    const real v31 = v30 * v29;
    const real v32 = v31 + v28;
    const real v17 = u(2);
    const real v33 = 0x1.05f8bep+1f * v17;
    const real v2 = x(2);
    const real v34 = 0x1.05f8bep+1f * v2;
    const real v35 = v34 * v33;
    const real v36 = v35 + v32;
    const real v37 = 0x1p+1f * v36;
    grad_ybar(1) = v37;
    const real v23 = u(8);
    const real v38 = 0x1.d4a10ep-1f * v23;
    const real v21 = u(6);
    const real v39 = 0x1.0e902ap-1f * v21;
    const real v40 = v39 + v38;
    const real v8 = x(8);
    const real v41 = 0x1.d4a10ep-1f * v8;
    const real v6 = x(6);
    const real v42 = 0x1.0e902ap-1f * v6;
    const real v43 = v42 + v41;
    const real v44 = v43 * v40;
    const real v19 = u(4);
    const real v45 = 0x1.d4a10ep-1f * v19;
    const real v4 = x(4);
    const real v46 = 0x1.d4a10ep-1f * v4;
    const real v47 = v46 * v45;
    const real v48 = v47 + v44;
    const real v20 = u(5);
    const real v49 = 0x1.d4a10ep-1f * v20;
    const real v5 = x(5);
    const real v50 = 0x1.d4a10ep-1f * v5;
    const real v51 = v50 * v49;
    const real v52 = v51 + v48;
    const real v53 = v38 - v39;
    const real v54 = v41 - v42;
    const real v55 = v54 * v53;
    const real v56 = v55 + v47;
    const real v22 = u(7);
    const real v57 = 0x1.d4a10ep-1f * v22;
    const real v7 = x(7);
    const real v58 = 0x1.d4a10ep-1f * v7;
    const real v59 = v58 * v57;
    const real v60 = v59 + v56;
    const real v61 = v60 + v52;
    const real v62 = v59 + v51;
    const real v63 = 0x1.0e902ap+0f * v21;
    const real v64 = 0x1.0e902ap+0f * v6;
    const real v65 = v64 * v63;
    const real v66 = v65 + v62;
    const real v67 = v66 + v61;
    const real v68 = 0x1p+1f * v67;
    grad_ybar(2) = v68;
    const real v69 = v34 * v49;
    const real v70 = v50 * v33;
    const real v71 = v70 + v69;
    const real v72 = v30 * v45;
    const real v73 = v46 * v29;
    const real v74 = v73 + v72;
    const real v75 = v74 + v71;
    const real v76 = v27 * v40;
    const real v77 = v43 * v26;
    const real v78 = v77 + v76;
    const real v79 = v75 - v78;
    const real v80 = v34 * v50;
    const real v81 = v30 * v46;
    const real v82 = v81 + v80;
    const real v83 = v27 * v43;
    const real v84 = v82 - v83;
    const real v85 = v84 * v79;
    const real v86 = v27 * v45;
    const real v87 = v46 * v26;
    const real v88 = v87 + v86;
    const real v89 = v30 * v53;
    const real v90 = v54 * v29;
    const real v91 = v90 + v89;
    const real v92 = v91 + v88;
    const real v93 = v34 * v57;
    const real v94 = v58 * v33;
    const real v95 = v94 + v93;
    const real v96 = v95 + v92;
    const real v97 = v27 * v46;
    const real v98 = v30 * v54;
    const real v99 = v98 + v97;
    const real v100 = v34 * v58;
    const real v101 = v100 + v99;
    const real v102 = v101 * v96;
    const real v103 = v102 + v85;
    const real v104 = v27 * v49;
    const real v105 = v50 * v26;
    const real v106 = v105 + v104;
    const real v107 = v30 * v57;
    const real v108 = v58 * v29;
    const real v109 = v108 + v107;
    const real v110 = v109 + v106;
    const real v111 = v34 * v63;
    const real v112 = v64 * v33;
    const real v113 = v112 + v111;
    const real v114 = v113 + v110;
    const real v115 = v27 * v50;
    const real v116 = v30 * v58;
    const real v117 = v116 + v115;
    const real v118 = v34 * v64;
    const real v119 = v118 + v117;
    const real v120 = v119 * v114;
    const real v121 = v120 + v103;
    const real v122 = 0x1p+1f * v121;
    grad_ybar(5) = v122;
    const real v123 = v27 * v79;
    const real v124 = v84 * v26;
    const real v125 = v124 + v123;
    const real v126 = v30 * v96;
    const real v127 = v101 * v29;
    const real v128 = v127 + v126;
    const real v129 = v128 + v125;
    const real v130 = v34 * v114;
    const real v131 = v119 * v33;
    const real v132 = v131 + v130;
    const real v133 = v132 + v129;
    grad_ybar(3) = v133;
    const real v134 = v46 * v49;
    const real v135 = v50 * v45;
    const real v136 = v135 + v134;
    const real v137 = v58 * v53;
    const real v138 = v54 * v57;
    const real v139 = v138 + v137;
    const real v140 = v139 + v136;
    const real v141 = v58 * v63;
    const real v142 = v64 * v57;
    const real v143 = v142 + v141;
    const real v144 = v143 + v140;
    const real v145 = v58 * v144;
    const real v146 = v46 * v50;
    const real v147 = v58 * v54;
    const real v148 = v147 + v146;
    const real v149 = v58 * v64;
    const real v150 = v149 + v148;
    const real v151 = v150 * v57;
    const real v152 = v151 + v145;
    const real v153 = v50 * v57;
    const real v154 = v58 * v49;
    const real v155 = v154 + v153;
    const real v156 = v46 * v53;
    const real v157 = v54 * v45;
    const real v158 = v157 + v156;
    const real v159 = v158 + v155;
    const real v160 = v46 * v40;
    const real v161 = v43 * v45;
    const real v162 = v161 + v160;
    const real v163 = v159 - v162;
    const real v164 = v46 * v163;
    const real v165 = v50 * v58;
    const real v166 = v46 * v54;
    const real v167 = v166 + v165;
    const real v168 = v46 * v43;
    const real v169 = v167 - v168;
    const real v170 = v169 * v45;
    const real v171 = v170 + v164;
    const real v172 = v171 + v152;
    const real v173 = v50 * v63;
    const real v174 = v64 * v49;
    const real v175 = v174 + v173;
    const real v176 = v46 * v57;
    const real v177 = v58 * v45;
    const real v178 = v177 + v176;
    const real v179 = v178 + v175;
    const real v180 = v50 * v40;
    const real v181 = v43 * v49;
    const real v182 = v181 + v180;
    const real v183 = v179 - v182;
    const real v184 = v50 * v183;
    const real v185 = v50 * v64;
    const real v186 = v46 * v58;
    const real v187 = v186 + v185;
    const real v188 = v50 * v43;
    const real v189 = v187 - v188;
    const real v190 = v189 * v49;
    const real v191 = v190 + v184;
    const real v192 = v191 + v172;
    const real v193 = 0x1p+1f * v192;
    const real v194 = 0x1p+1f * v60;
    const real v195 = v54 * v194;
    const real v196 = v54 * v54;
    const real v197 = v46 * v46;
    const real v198 = v196 + v197;
    const real v199 = v58 * v58;
    const real v200 = v199 + v198;
    const real v201 = v200 * v53;
    const real v202 = v201 + v195;
    const real v203 = 0x1p+1f * v66;
    const real v204 = v64 * v203;
    const real v205 = v50 * v50;
    const real v206 = v199 + v205;
    const real v207 = v64 * v64;
    const real v208 = v207 + v206;
    const real v209 = v208 * v63;
    const real v210 = v209 + v204;
    const real v211 = v202 + v210;
    const real v212 = 0x1p+1f * v52;
    const real v213 = v43 * v212;
    const real v214 = v43 * v43;
    const real v215 = v197 + v214;
    const real v216 = v205 + v215;
    const real v217 = v216 * v40;
    const real v218 = v217 + v213;
    const real v219 = v211 - v218;
    const real v220 = v219 + v193;
    grad_ybar(4) = v220;
    const real v12 = ybar(3);
    const real v221 = v12 * v79;
    const real v10 = ybar(1);
    const real v222 = 0x1p+1f * v10;
    const real v223 = v26 * v222;
    const real v224 = v223 + v221;
    const real v14 = ybar(5);
    const real v225 = 0x1p+1f * v14;
    const real v226 = v114 * v225;
    const real v227 = v12 * v33;
    const real v228 = v227 + v226;
    const real v229 = v50 * v228;
    const real v230 = v119 * v225;
    const real v231 = v12 * v34;
    const real v232 = v231 + v230;
    const real v233 = v49 * v232;
    const real v234 = v233 + v229;
    const real v235 = v234 + v224;
    const real v236 = v96 * v225;
    const real v237 = v12 * v29;
    const real v238 = v237 + v236;
    const real v239 = v46 * v238;
    const real v240 = v101 * v225;
    const real v241 = v12 * v30;
    const real v242 = v241 + v240;
    const real v243 = v45 * v242;
    const real v244 = v243 + v239;
    const real v245 = v244 + v235;
    const real v246 = v79 * v225;
    const real v247 = v12 * v26;
    const real v248 = v247 + v246;
    const real v249 = v43 * v248;
    const real v250 = v84 * v225;
    const real v251 = v12 * v27;
    const real v252 = v251 + v250;
    const real v253 = v40 * v252;
    const real v254 = v253 + v249;
    const real v255 = v245 - v254;
    const real v256 = 0x1.05f8bep+1f * v255;
    grad_x(1) = v256;
    const real v257 = v12 * v114;
    const real v258 = v33 * v222;
    const real v259 = v258 + v257;
    const real v260 = v64 * v228;
    const real v261 = v63 * v232;
    const real v262 = v261 + v260;
    const real v263 = v262 + v259;
    const real v264 = v50 * v248;
    const real v265 = v49 * v252;
    const real v266 = v265 + v264;
    const real v267 = v266 + v263;
    const real v268 = v58 * v238;
    const real v269 = v57 * v242;
    const real v270 = v269 + v268;
    const real v271 = v270 + v267;
    const real v272 = 0x1.05f8bep+1f * v271;
    grad_x(2) = v272;
    const real v273 = v12 * v96;
    const real v274 = v29 * v222;
    const real v275 = v274 + v273;
    const real v276 = v58 * v228;
    const real v277 = v57 * v232;
    const real v278 = v277 + v276;
    const real v279 = v278 + v275;
    const real v280 = v46 * v248;
    const real v281 = v45 * v252;
    const real v282 = v281 + v280;
    const real v283 = v282 + v279;
    const real v284 = v54 * v238;
    const real v285 = v53 * v242;
    const real v286 = v285 + v284;
    const real v287 = v286 + v283;
    const real v288 = 0x1.05f8bep+1f * v287;
    grad_x(3) = v288;
    const real v13 = ybar(4);
    const real v289 = 0x1p+1f * v13;
    const real v290 = v163 * v289;
    const real v291 = v49 * v289;
    const real v292 = v58 * v291;
    const real v293 = v50 * v289;
    const real v294 = v57 * v293;
    const real v295 = v294 + v292;
    const real v296 = v290 + v295;
    const real v297 = v57 * v289;
    const real v298 = v50 * v297;
    const real v299 = v58 * v289;
    const real v300 = v49 * v299;
    const real v301 = v300 + v298;
    const real v302 = v301 + v296;
    const real v303 = v53 - v40;
    const real v304 = v46 * v289;
    const real v305 = v304 * v303;
    const real v306 = v54 - v43;
    const real v307 = v45 * v289;
    const real v308 = v306 * v307;
    const real v309 = v308 + v305;
    const real v310 = v309 + v302;
    const real v311 = v13 * v53;
    const real v312 = v13 * v40;
    const real v313 = v311 - v312;
    const real v314 = 0x1p+1f * v313;
    const real v315 = v46 * v314;
    const real v316 = v13 * v54;
    const real v11 = ybar(2);
    const real v317 = v11 + v316;
    const real v318 = v13 * v43;
    const real v319 = v11 - v318;
    const real v320 = v319 + v317;
    const real v321 = 0x1p+1f * v320;
    const real v322 = v45 * v321;
    const real v323 = v322 + v315;
    const real v324 = v323 + v310;
    const real v325 = v30 * v248;
    const real v326 = v29 * v252;
    const real v327 = v326 + v325;
    const real v328 = v327 + v324;
    const real v329 = v27 * v238;
    const real v330 = v26 * v242;
    const real v331 = v330 + v329;
    const real v332 = v331 + v328;
    const real v333 = 0x1.d4a10ep-1f * v332;
    grad_x(4) = v333;
    const real v334 = v63 - v40;
    const real v335 = v293 * v334;
    const real v336 = v64 - v43;
    const real v337 = v336 * v291;
    const real v338 = v337 + v335;
    const real v339 = v183 * v289;
    const real v340 = v339 + v338;
    const real v341 = v13 * v63;
    const real v342 = v341 - v312;
    const real v343 = 0x1p+1f * v342;
    const real v344 = v50 * v343;
    const real v345 = v13 * v64;
    const real v346 = v11 + v345;
    const real v347 = v346 + v319;
    const real v348 = 0x1p+1f * v347;
    const real v349 = v49 * v348;
    const real v350 = v349 + v344;
    const real v351 = v350 + v340;
    const real v352 = v46 * v297;
    const real v353 = v45 * v299;
    const real v354 = v353 + v352;
    const real v355 = v354 + v351;
    const real v356 = v58 * v307;
    const real v357 = v57 * v304;
    const real v358 = v357 + v356;
    const real v359 = v358 + v355;
    const real v360 = v27 * v228;
    const real v361 = v26 * v232;
    const real v362 = v361 + v360;
    const real v363 = v362 + v359;
    const real v364 = v34 * v248;
    const real v365 = v33 * v252;
    const real v366 = v365 + v364;
    const real v367 = v366 + v363;
    const real v368 = 0x1.d4a10ep-1f * v367;
    grad_x(5) = v368;
    const real v369 = v144 * v289;
    const real v370 = v46 * v291;
    const real v371 = v45 * v293;
    const real v372 = v371 + v370;
    const real v373 = v369 + v372;
    const real v374 = v53 + v63;
    const real v375 = v299 * v374;
    const real v376 = v54 + v64;
    const real v377 = v376 * v297;
    const real v378 = v377 + v375;
    const real v379 = v378 + v373;
    const real v380 = v50 * v307;
    const real v381 = v49 * v304;
    const real v382 = v381 + v380;
    const real v383 = v382 + v379;
    const real v384 = v341 + v311;
    const real v385 = 0x1p+1f * v384;
    const real v386 = v58 * v385;
    const real v387 = v346 + v317;
    const real v388 = 0x1p+1f * v387;
    const real v389 = v57 * v388;
    const real v390 = v389 + v386;
    const real v391 = v390 + v383;
    const real v392 = v30 * v228;
    const real v393 = v29 * v232;
    const real v394 = v393 + v392;
    const real v395 = v394 + v391;
    const real v396 = v34 * v238;
    const real v397 = v33 * v242;
    const real v398 = v397 + v396;
    const real v399 = v398 + v395;
    const real v400 = 0x1.d4a10ep-1f * v399;
    grad_x(7) = v400;
    const real v401 = v46 * v307;
    const real v402 = v45 * v304;
    const real v403 = v402 + v401;
    const real v404 = v58 * v297;
    const real v405 = v57 * v299;
    const real v406 = v405 + v404;
    const real v407 = v406 + v403;
    const real v408 = v13 * v194;
    const real v409 = v408 + v407;
    const real v410 = 0x1p+1f * v311;
    const real v411 = v54 * v410;
    const real v412 = 0x1p+1f * v317;
    const real v413 = v53 * v412;
    const real v414 = v413 + v411;
    const real v415 = v414 + v409;
    const real v416 = v30 * v238;
    const real v417 = v29 * v242;
    const real v418 = v417 + v416;
    const real v419 = v418 + v415;
    const real v420 = -0x1p+1f * v312;
    const real v421 = v43 * v420;
    const real v422 = 0x1p+1f * v319;
    const real v423 = v40 * v422;
    const real v424 = v423 + v421;
    const real v425 = v50 * v291;
    const real v426 = v49 * v293;
    const real v427 = v426 + v425;
    const real v428 = v424 - v427;
    const real v429 = v13 * v212;
    const real v430 = v428 - v429;
    const real v431 = v430 - v403;
    const real v432 = v27 * v248;
    const real v433 = v26 * v252;
    const real v434 = v433 + v432;
    const real v435 = v431 - v434;
    const real v436 = v435 + v419;
    const real v437 = 0x1.d4a10ep-1f * v436;
    grad_x(8) = v437;
    const real v438 = v435 - v419;
    const real v439 = 0x1.0e902ap-1f * v438;
    const real v440 = 0x1p+1f * v341;
    const real v441 = v64 * v440;
    const real v442 = 0x1p+1f * v346;
    const real v443 = v63 * v442;
    const real v444 = v443 + v441;
    const real v445 = v13 * v203;
    const real v446 = v445 + v444;
    const real v447 = v427 + v446;
    const real v448 = v406 + v447;
    const real v449 = v34 * v228;
    const real v450 = v33 * v232;
    const real v451 = v450 + v449;
    const real v452 = v451 + v448;
    const real v453 = 0x1.0e902ap+0f * v452;
    const real v454 = v453 + v439;
    grad_x(6) = v454;
}

extern "C" __global__ void __launch_bounds__(128)
invgen_value_strided(const real *__restrict__ x, real *__restrict__ y, int64 pairs, int64 channels)
{
    const int64 pair = (int64)blockIdx.x * 128 + threadIdx.x;
    if (pair >= pairs)
        return;
    value_body(Input{x + row(pair, channels, 9), channels}, Output{y + row(pair, channels, 6), channels});
}

extern "C" __global__ void __launch_bounds__(128)
invgen_vjp_strided(const real *__restrict__ x, const real *__restrict__ ybar, real *__restrict__ xbar, int64 pairs, int64 channels)
{
    const int64 pair = (int64)blockIdx.x * 128 + threadIdx.x;
    if (pair >= pairs)
        return;
    vjp_body(Input{x + row(pair, channels, 9), channels}, Input{ybar + row(pair, channels, 6), channels}, Output{xbar + row(pair, channels, 9), channels});
}

extern "C" __global__ void __launch_bounds__(128)
invgen_value_and_vjp_strided(const real *__restrict__ x, const real *__restrict__ ybar, real *__restrict__ y, real *__restrict__ xbar, int64 pairs, int64 channels)
{
    const int64 pair = (int64)blockIdx.x * 128 + threadIdx.x;
    if (pair >= pairs)
        return;
    value_and_vjp_body(Input{x + row(pair, channels, 9), channels}, Input{ybar + row(pair, channels, 6), channels}, Output{y + row(pair, channels, 6), channels}, Output{xbar + row(pair, channels, 9), channels});
}

extern "C" __global__ void __launch_bounds__(128)
invgen_jvp_strided(const real *__restrict__ x, const real *__restrict__ u, real *__restrict__ ydot, int64 pairs, int64 channels)
{
    const int64 pair = (int64)blockIdx.x * 128 + threadIdx.x;
    if (pair >= pairs)
        return;
    jvp_body(Input{x + row(pair, channels, 9), channels}, Input{u + row(pair, channels, 9), channels}, Output{ydot + row(pair, channels, 6), channels});
}

extern "C" __global__ void __launch_bounds__(128)
invgen_vjp_of_vjp_strided(const real *__restrict__ x, const real *__restrict__ ybar, const real *__restrict__ u, real *__restrict__ grad_x, real *__restrict__ grad_ybar, int64 pairs, int64 channels)
{
    const int64 pair = (int64)blockIdx.x * 128 + threadIdx.x;
    if (pair >= pairs)
        return;
    vjp_of_vjp_body(Input{x + row(pair, channels, 9), channels}, Input{ybar + row(pair, channels, 6), channels}, Input{u + row(pair, channels, 9), channels}, Output{grad_x + row(pair, channels, 9), channels}, Output{grad_ybar + row(pair, channels, 6), channels});
}

extern "C" __global__ void __launch_bounds__(128)
invgen_value_wide4(const real *__restrict__ x, real *__restrict__ y, int64 pairs, int64 channels)
{
    const int64 pair = ((int64)blockIdx.x * 128 + threadIdx.x) * 4;
    if (pair >= pairs)
        return;
    const int64 stride = channels / 4;
    Pack<4> x_held[9];
    Pack<4> y_held[6];
    const Pack<4> *x_row =
        (const Pack<4> *)(x + row(pair, channels, 9));
#pragma unroll
    for (int k = 0; k < 9; ++k)
        x_held[k] = x_row[k * stride];
#pragma unroll
    for (int lane = 0; lane < 4; ++lane)
        value_body(InputLane<4>{x_held, lane}, OutputLane<4>{y_held, lane});
    Pack<4> *y_row =
        (Pack<4> *)(y + row(pair, channels, 6));
#pragma unroll
    for (int k = 0; k < 6; ++k)
        y_row[k * stride] = y_held[k];
}

extern "C" __global__ void __launch_bounds__(128)
invgen_value_wide2(const real *__restrict__ x, real *__restrict__ y, int64 pairs, int64 channels)
{
    const int64 pair = ((int64)blockIdx.x * 128 + threadIdx.x) * 2;
    if (pair >= pairs)
        return;
    const int64 stride = channels / 2;
    Pack<2> x_held[9];
    Pack<2> y_held[6];
    const Pack<2> *x_row =
        (const Pack<2> *)(x + row(pair, channels, 9));
#pragma unroll
    for (int k = 0; k < 9; ++k)
        x_held[k] = x_row[k * stride];
#pragma unroll
    for (int lane = 0; lane < 2; ++lane)
        value_body(InputLane<2>{x_held, lane}, OutputLane<2>{y_held, lane});
    Pack<2> *y_row =
        (Pack<2> *)(y + row(pair, channels, 6));
#pragma unroll
    for (int k = 0; k < 6; ++k)
        y_row[k * stride] = y_held[k];
}

extern "C" __global__ void __launch_bounds__(128)
invgen_vjp_wide4(const real *__restrict__ x, const real *__restrict__ ybar, real *__restrict__ xbar, int64 pairs, int64 channels)
{
    const int64 pair = ((int64)blockIdx.x * 128 + threadIdx.x) * 4;
    if (pair >= pairs)
        return;
    const int64 stride = channels / 4;
    Pack<4> x_held[9];
    Pack<4> ybar_held[6];
    Pack<4> xbar_held[9];
    const Pack<4> *x_row =
        (const Pack<4> *)(x + row(pair, channels, 9));
#pragma unroll
    for (int k = 0; k < 9; ++k)
        x_held[k] = x_row[k * stride];
    const Pack<4> *ybar_row =
        (const Pack<4> *)(ybar + row(pair, channels, 6));
#pragma unroll
    for (int k = 0; k < 6; ++k)
        ybar_held[k] = ybar_row[k * stride];
#pragma unroll
    for (int lane = 0; lane < 4; ++lane)
        vjp_body(InputLane<4>{x_held, lane}, InputLane<4>{ybar_held, lane}, OutputLane<4>{xbar_held, lane});
    Pack<4> *xbar_row =
        (Pack<4> *)(xbar + row(pair, channels, 9));
#pragma unroll
    for (int k = 0; k < 9; ++k)
        xbar_row[k * stride] = xbar_held[k];
}

extern "C" __global__ void __launch_bounds__(128)
invgen_vjp_wide2(const real *__restrict__ x, const real *__restrict__ ybar, real *__restrict__ xbar, int64 pairs, int64 channels)
{
    const int64 pair = ((int64)blockIdx.x * 128 + threadIdx.x) * 2;
    if (pair >= pairs)
        return;
    const int64 stride = channels / 2;
    Pack<2> x_held[9];
    Pack<2> ybar_held[6];
    Pack<2> xbar_held[9];
    const Pack<2> *x_row =
        (const Pack<2> *)(x + row(pair, channels, 9));
#pragma unroll
    for (int k = 0; k < 9; ++k)
        x_held[k] = x_row[k * stride];
    const Pack<2> *ybar_row =
        (const Pack<2> *)(ybar + row(pair, channels, 6));
#pragma unroll
    for (int k = 0; k < 6; ++k)
        ybar_held[k] = ybar_row[k * stride];
#pragma unroll
    for (int lane = 0; lane < 2; ++lane)
        vjp_body(InputLane<2>{x_held, lane}, InputLane<2>{ybar_held, lane}, OutputLane<2>{xbar_held, lane});
    Pack<2> *xbar_row =
        (Pack<2> *)(xbar + row(pair, channels, 9));
#pragma unroll
    for (int k = 0; k < 9; ++k)
        xbar_row[k * stride] = xbar_held[k];
}

extern "C" __global__ void __launch_bounds__(128)
invgen_value_and_vjp_wide4(const real *__restrict__ x, const real *__restrict__ ybar, real *__restrict__ y, real *__restrict__ xbar, int64 pairs, int64 channels)
{
    const int64 pair = ((int64)blockIdx.x * 128 + threadIdx.x) * 4;
    if (pair >= pairs)
        return;
    const int64 stride = channels / 4;
    Pack<4> x_held[9];
    Pack<4> ybar_held[6];
    Pack<4> y_held[6];
    Pack<4> xbar_held[9];
    const Pack<4> *x_row =
        (const Pack<4> *)(x + row(pair, channels, 9));
#pragma unroll
    for (int k = 0; k < 9; ++k)
        x_held[k] = x_row[k * stride];
    const Pack<4> *ybar_row =
        (const Pack<4> *)(ybar + row(pair, channels, 6));
#pragma unroll
    for (int k = 0; k < 6; ++k)
        ybar_held[k] = ybar_row[k * stride];
#pragma unroll
    for (int lane = 0; lane < 4; ++lane)
        value_and_vjp_body(InputLane<4>{x_held, lane}, InputLane<4>{ybar_held, lane}, OutputLane<4>{y_held, lane}, OutputLane<4>{xbar_held, lane});
    Pack<4> *y_row =
        (Pack<4> *)(y + row(pair, channels, 6));
#pragma unroll
    for (int k = 0; k < 6; ++k)
        y_row[k * stride] = y_held[k];
    Pack<4> *xbar_row =
        (Pack<4> *)(xbar + row(pair, channels, 9));
#pragma unroll
    for (int k = 0; k < 9; ++k)
        xbar_row[k * stride] = xbar_held[k];
}

extern "C" __global__ void __launch_bounds__(128)
invgen_value_and_vjp_wide2(const real *__restrict__ x, const real *__restrict__ ybar, real *__restrict__ y, real *__restrict__ xbar, int64 pairs, int64 channels)
{
    const int64 pair = ((int64)blockIdx.x * 128 + threadIdx.x) * 2;
    if (pair >= pairs)
        return;
    const int64 stride = channels / 2;
    Pack<2> x_held[9];
    Pack<2> ybar_held[6];
    Pack<2> y_held[6];
    Pack<2> xbar_held[9];
    const Pack<2> *x_row =
        (const Pack<2> *)(x + row(pair, channels, 9));
#pragma unroll
    for (int k = 0; k < 9; ++k)
        x_held[k] = x_row[k * stride];
    const Pack<2> *ybar_row =
        (const Pack<2> *)(ybar + row(pair, channels, 6));
#pragma unroll
    for (int k = 0; k < 6; ++k)
        ybar_held[k] = ybar_row[k * stride];
#pragma unroll
    for (int lane = 0; lane < 2; ++lane)
        value_and_vjp_body(InputLane<2>{x_held, lane}, InputLane<2>{ybar_held, lane}, OutputLane<2>{y_held, lane}, OutputLane<2>{xbar_held, lane});
    Pack<2> *y_row =
        (Pack<2> *)(y + row(pair, channels, 6));
#pragma unroll
    for (int k = 0; k < 6; ++k)
        y_row[k * stride] = y_held[k];
    Pack<2> *xbar_row =
        (Pack<2> *)(xbar + row(pair, channels, 9));
#pragma unroll
    for (int k = 0; k < 9; ++k)
        xbar_row[k * stride] = xbar_held[k];
}

extern "C" __global__ void __launch_bounds__(128)
invgen_jvp_wide4(const real *__restrict__ x, const real *__restrict__ u, real *__restrict__ ydot, int64 pairs, int64 channels)
{
    const int64 pair = ((int64)blockIdx.x * 128 + threadIdx.x) * 4;
    if (pair >= pairs)
        return;
    const int64 stride = channels / 4;
    Pack<4> x_held[9];
    Pack<4> u_held[9];
    Pack<4> ydot_held[6];
    const Pack<4> *x_row =
        (const Pack<4> *)(x + row(pair, channels, 9));
#pragma unroll
    for (int k = 0; k < 9; ++k)
        x_held[k] = x_row[k * stride];
    const Pack<4> *u_row =
        (const Pack<4> *)(u + row(pair, channels, 9));
#pragma unroll
    for (int k = 0; k < 9; ++k)
        u_held[k] = u_row[k * stride];
#pragma unroll
    for (int lane = 0; lane < 4; ++lane)
        jvp_body(InputLane<4>{x_held, lane}, InputLane<4>{u_held, lane}, OutputLane<4>{ydot_held, lane});
    Pack<4> *ydot_row =
        (Pack<4> *)(ydot + row(pair, channels, 6));
#pragma unroll
    for (int k = 0; k < 6; ++k)
        ydot_row[k * stride] = ydot_held[k];
}

extern "C" __global__ void __launch_bounds__(128)
invgen_jvp_wide2(const real *__restrict__ x, const real *__restrict__ u, real *__restrict__ ydot, int64 pairs, int64 channels)
{
    const int64 pair = ((int64)blockIdx.x * 128 + threadIdx.x) * 2;
    if (pair >= pairs)
        return;
    const int64 stride = channels / 2;
    Pack<2> x_held[9];
    Pack<2> u_held[9];
    Pack<2> ydot_held[6];
    const Pack<2> *x_row =
        (const Pack<2> *)(x + row(pair, channels, 9));
#pragma unroll
    for (int k = 0; k < 9; ++k)
        x_held[k] = x_row[k * stride];
    const Pack<2> *u_row =
        (const Pack<2> *)(u + row(pair, channels, 9));
#pragma unroll
    for (int k = 0; k < 9; ++k)
        u_held[k] = u_row[k * stride];
#pragma unroll
    for (int lane = 0; lane < 2; ++lane)
        jvp_body(InputLane<2>{x_held, lane}, InputLane<2>{u_held, lane}, OutputLane<2>{ydot_held, lane});
    Pack<2> *ydot_row =
        (Pack<2> *)(ydot + row(pair, channels, 6));
#pragma unroll
    for (int k = 0; k < 6; ++k)
        ydot_row[k * stride] = ydot_held[k];
}

extern "C" __global__ void __launch_bounds__(128)
invgen_vjp_of_vjp_wide4(const real *__restrict__ x, const real *__restrict__ ybar, const real *__restrict__ u, real *__restrict__ grad_x, real *__restrict__ grad_ybar, int64 pairs, int64 channels)
{
    const int64 pair = ((int64)blockIdx.x * 128 + threadIdx.x) * 4;
    if (pair >= pairs)
        return;
    const int64 stride = channels / 4;
    Pack<4> x_held[9];
    Pack<4> ybar_held[6];
    Pack<4> u_held[9];
    Pack<4> grad_x_held[9];
    Pack<4> grad_ybar_held[6];
    const Pack<4> *x_row =
        (const Pack<4> *)(x + row(pair, channels, 9));
#pragma unroll
    for (int k = 0; k < 9; ++k)
        x_held[k] = x_row[k * stride];
    const Pack<4> *ybar_row =
        (const Pack<4> *)(ybar + row(pair, channels, 6));
#pragma unroll
    for (int k = 0; k < 6; ++k)
        ybar_held[k] = ybar_row[k * stride];
    const Pack<4> *u_row =
        (const Pack<4> *)(u + row(pair, channels, 9));
#pragma unroll
    for (int k = 0; k < 9; ++k)
        u_held[k] = u_row[k * stride];
#pragma unroll
    for (int lane = 0; lane < 4; ++lane)
        vjp_of_vjp_body(InputLane<4>{x_held, lane}, InputLane<4>{ybar_held, lane}, InputLane<4>{u_held, lane}, OutputLane<4>{grad_x_held, lane}, OutputLane<4>{grad_ybar_held, lane});
    Pack<4> *grad_x_row =
        (Pack<4> *)(grad_x + row(pair, channels, 9));
#pragma unroll
    for (int k = 0; k < 9; ++k)
        grad_x_row[k * stride] = grad_x_held[k];
    Pack<4> *grad_ybar_row =
        (Pack<4> *)(grad_ybar + row(pair, channels, 6));
#pragma unroll
    for (int k = 0; k < 6; ++k)
        grad_ybar_row[k * stride] = grad_ybar_held[k];
}

extern "C" __global__ void __launch_bounds__(128)
invgen_vjp_of_vjp_wide2(const real *__restrict__ x, const real *__restrict__ ybar, const real *__restrict__ u, real *__restrict__ grad_x, real *__restrict__ grad_ybar, int64 pairs, int64 channels)
{
    const int64 pair = ((int64)blockIdx.x * 128 + threadIdx.x) * 2;
    if (pair >= pairs)
        return;
    const int64 stride = channels / 2;
    Pack<2> x_held[9];
    Pack<2> ybar_held[6];
    Pack<2> u_held[9];
    Pack<2> grad_x_held[9];
    Pack<2> grad_ybar_held[6];
    const Pack<2> *x_row =
        (const Pack<2> *)(x + row(pair, channels, 9));
#pragma unroll
    for (int k = 0; k < 9; ++k)
        x_held[k] = x_row[k * stride];
    const Pack<2> *ybar_row =
        (const Pack<2> *)(ybar + row(pair, channels, 6));
#pragma unroll
    for (int k = 0; k < 6; ++k)
        ybar_held[k] = ybar_row[k * stride];
    const Pack<2> *u_row =
        (const Pack<2> *)(u + row(pair, channels, 9));
#pragma unroll
    for (int k = 0; k < 9; ++k)
        u_held[k] = u_row[k * stride];
#pragma unroll
    for (int lane = 0; lane < 2; ++lane)
        vjp_of_vjp_body(InputLane<2>{x_held, lane}, InputLane<2>{ybar_held, lane}, InputLane<2>{u_held, lane}, OutputLane<2>{grad_x_held, lane}, OutputLane<2>{grad_ybar_held, lane});
    Pack<2> *grad_x_row =
        (Pack<2> *)(grad_x + row(pair, channels, 9));
#pragma unroll
    for (int k = 0; k < 9; ++k)
        grad_x_row[k * stride] = grad_x_held[k];
    Pack<2> *grad_ybar_row =
        (Pack<2> *)(grad_ybar + row(pair, channels, 6));
#pragma unroll
    for (int k = 0; k < 6; ++k)
        grad_ybar_row[k * stride] = grad_ybar_held[k];
}

extern "C" __global__ void __launch_bounds__(128)
invgen_value_tile(const real *__restrict__ x, real *__restrict__ y, int64 pairs, int64)
{
    __shared__ real x_tile[128 * 9];
    __shared__ real y_tile[128 * 7];
    const int64 sample = (int64)blockIdx.x * 128;
    const int samples = pairs - sample < 128 ? (int)(pairs - sample) : 128;
    fetch<9, 9, 128>(
        x_tile, x, sample * 9, samples * 9);
    __syncthreads();
    if ((int)threadIdx.x < samples)
        value_body(Input{x_tile + threadIdx.x * 9, 1}, Output{y_tile + threadIdx.x * 7, 1});
    __syncthreads();
    deliver<6, 7, 128>(
        y, y_tile, sample * 6, samples * 6);
}

extern "C" __global__ void __launch_bounds__(128)
invgen_vjp_tile(const real *__restrict__ x, const real *__restrict__ ybar, real *__restrict__ xbar, int64 pairs, int64)
{
    __shared__ real x_tile[128 * 9];
    __shared__ real ybar_tile[128 * 7];
    __shared__ real xbar_tile[128 * 9];
    const int64 sample = (int64)blockIdx.x * 128;
    const int samples = pairs - sample < 128 ? (int)(pairs - sample) : 128;
    fetch<9, 9, 128>(
        x_tile, x, sample * 9, samples * 9);
    fetch<6, 7, 128>(
        ybar_tile, ybar, sample * 6, samples * 6);
    __syncthreads();
    if ((int)threadIdx.x < samples)
        vjp_body(Input{x_tile + threadIdx.x * 9, 1}, Input{ybar_tile + threadIdx.x * 7, 1}, Output{xbar_tile + threadIdx.x * 9, 1});
    __syncthreads();
    deliver<9, 9, 128>(
        xbar, xbar_tile, sample * 9, samples * 9);
}

extern "C" __global__ void __launch_bounds__(128)
invgen_value_and_vjp_tile(const real *__restrict__ x, const real *__restrict__ ybar, real *__restrict__ y, real *__restrict__ xbar, int64 pairs, int64)
{
    __shared__ real x_tile[128 * 9];
    __shared__ real ybar_tile[128 * 7];
    __shared__ real y_tile[128 * 7];
    __shared__ real xbar_tile[128 * 9];
    const int64 sample = (int64)blockIdx.x * 128;
    const int samples = pairs - sample < 128 ? (int)(pairs - sample) : 128;
    fetch<9, 9, 128>(
        x_tile, x, sample * 9, samples * 9);
    fetch<6, 7, 128>(
        ybar_tile, ybar, sample * 6, samples * 6);
    __syncthreads();
    if ((int)threadIdx.x < samples)
        value_and_vjp_body(Input{x_tile + threadIdx.x * 9, 1}, Input{ybar_tile + threadIdx.x * 7, 1}, Output{y_tile + threadIdx.x * 7, 1}, Output{xbar_tile + threadIdx.x * 9, 1});
    __syncthreads();
    deliver<6, 7, 128>(
        y, y_tile, sample * 6, samples * 6);
    deliver<9, 9, 128>(
        xbar, xbar_tile, sample * 9, samples * 9);
}

extern "C" __global__ void __launch_bounds__(128)
invgen_jvp_tile(const real *__restrict__ x, const real *__restrict__ u, real *__restrict__ ydot, int64 pairs, int64)
{
    __shared__ real x_tile[128 * 9];
    __shared__ real u_tile[128 * 9];
    __shared__ real ydot_tile[128 * 7];
    const int64 sample = (int64)blockIdx.x * 128;
    const int samples = pairs - sample < 128 ? (int)(pairs - sample) : 128;
    fetch<9, 9, 128>(
        x_tile, x, sample * 9, samples * 9);
    fetch<9, 9, 128>(
        u_tile, u, sample * 9, samples * 9);
    __syncthreads();
    if ((int)threadIdx.x < samples)
        jvp_body(Input{x_tile + threadIdx.x * 9, 1}, Input{u_tile + threadIdx.x * 9, 1}, Output{ydot_tile + threadIdx.x * 7, 1});
    __syncthreads();
    deliver<6, 7, 128>(
        ydot, ydot_tile, sample * 6, samples * 6);
}

extern "C" __global__ void __launch_bounds__(128)
invgen_vjp_of_vjp_tile(const real *__restrict__ x, const real *__restrict__ ybar, const real *__restrict__ u, real *__restrict__ grad_x, real *__restrict__ grad_ybar, int64 pairs, int64)
{
    __shared__ real x_tile[128 * 9];
    __shared__ real ybar_tile[128 * 7];
    __shared__ real u_tile[128 * 9];
    __shared__ real grad_x_tile[128 * 9];
    __shared__ real grad_ybar_tile[128 * 7];
    const int64 sample = (int64)blockIdx.x * 128;
    const int samples = pairs - sample < 128 ? (int)(pairs - sample) : 128;
    fetch<9, 9, 128>(
        x_tile, x, sample * 9, samples * 9);
    fetch<6, 7, 128>(
        ybar_tile, ybar, sample * 6, samples * 6);
    fetch<9, 9, 128>(
        u_tile, u, sample * 9, samples * 9);
    __syncthreads();
    if ((int)threadIdx.x < samples)
        vjp_of_vjp_body(Input{x_tile + threadIdx.x * 9, 1}, Input{ybar_tile + threadIdx.x * 7, 1}, Input{u_tile + threadIdx.x * 9, 1}, Output{grad_x_tile + threadIdx.x * 9, 1}, Output{grad_ybar_tile + threadIdx.x * 7, 1});
    __syncthreads();
    deliver<9, 9, 128>(
        grad_x, grad_x_tile, sample * 9, samples * 9);
    deliver<6, 7, 128>(
        grad_ybar, grad_ybar_tile, sample * 6, samples * 6);
}
