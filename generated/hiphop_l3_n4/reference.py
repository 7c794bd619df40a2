"""hiphop_l3_n4: rotation-invariant polynomials and their derivatives in plain PyTorch.

Basis 9248530e9a3d47705b8353b37f0e83c496dfa7cd64022433f50a17b5b1c54485
Convention hippynn. Written by invgen, codegen version 2; do not edit.

Tensors are (..., component, channel) on any device, of any floating dtype; leading dimensions are free.
"""

import torch

DIM = 16
COUNT = 13


def value(x):
    """Return y = I(x)."""
    (v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15,) = x.unbind(-2)
    v16 = v7 * v14
    v17 = v4 * v10
    v18 = v17 + v16
    del v16, v17
    v19 = v10 + v14
    v20 = v4 + v7
    v21 = v20 * v19
    v22 = v21 + v18
    del v18, v21
    v23 = v6 * v13
    v24 = v5 * v12
    v25 = v24 + v23
    del v23, v24
    v26 = v8 * v15
    v27 = v26 + v25
    del v25, v26
    v28 = 2.0 * v27
    del v27
    v29 = v22 + v28
    del v22, v28
    v30 = v29 * v29
    del v29
    v31 = v7 * v12
    v32 = v4 * v9
    v33 = v32 + v31
    del v31, v32
    v34 = v9 + v12
    v35 = v20 * v34
    v36 = v35 + v33
    del v33, v35
    v37 = v6 * v11
    v38 = v5 * v10
    v39 = v38 + v37
    del v37, v38
    v40 = v8 * v13
    v41 = v40 + v39
    del v39, v40
    v42 = 2.0 * v41
    del v41
    v43 = v36 + v42
    del v36, v42
    v44 = v43 * v43
    del v43
    v45 = v44 + v30
    del v30, v44
    v46 = v7 * v15
    v47 = v4 * v11
    v48 = v47 + v46
    del v46, v47
    v49 = v11 + v15
    v50 = v20 * v49
    v51 = v50 + v48
    del v48, v50
    v52 = v6 * v34
    v53 = v5 * v13
    v54 = v53 - v52
    del v52, v53
    v55 = v8 * v19
    v56 = v54 - v55
    del v54, v55
    v57 = 2.0 * v56
    del v56
    v58 = v51 + v57
    del v51, v57
    v59 = v58 * v58
    del v58
    v60 = v59 + v45
    del v45, v59
    v61 = v12 * v15
    v62 = v9 * v11
    v63 = v62 + v61
    del v61, v62
    v64 = v34 * v49
    v65 = v64 + v63
    del v63, v64
    v66 = v11 * v34
    v67 = v10 * v13
    v68 = v67 - v66
    del v66, v67
    v69 = v13 * v19
    v70 = v68 - v69
    del v68, v69
    v71 = 2.0 * v70
    del v70
    v72 = v65 + v71
    del v65, v71
    v73 = v5 * v8
    v74 = v4 * v6
    v75 = v74 + v73
    del v73, v74
    v76 = v6 * v20
    v77 = v75 - v76
    del v75, v76
    v78 = v77 * v72
    v79 = v12 * v14
    v80 = v9 * v10
    v81 = v80 + v79
    del v79, v80
    v82 = v34 * v19
    v83 = v82 + v81
    del v81, v82
    v84 = v11 * v13
    v85 = v10 * v12
    v86 = v85 + v84
    del v84, v85
    v87 = v13 * v15
    v88 = v87 + v86
    del v86, v87
    v89 = 2.0 * v88
    del v88
    v90 = v83 + v89
    del v83, v89
    v91 = v5 * v7
    v92 = v4 * v5
    v93 = v92 + v91
    del v91, v92
    v94 = v6 * v8
    v95 = v94 + v93
    del v93, v94
    v96 = v95 * v90
    v97 = v96 + v78
    del v78, v96
    v98 = v14 * v15
    v99 = v10 * v11
    v100 = v99 + v98
    del v98, v99
    v101 = v19 * v49
    v102 = v101 + v100
    del v100, v101
    v103 = v13 * v34
    v104 = v12 * v13
    v105 = v104 - v103
    del v103, v104
    v106 = v15 * v19
    v107 = v105 - v106
    del v105, v106
    v108 = 2.0 * v107
    del v107
    v109 = v102 + v108
    del v102, v108
    v110 = v7 * v8
    v111 = v5 * v6
    v112 = v111 + v110
    del v110, v111
    v113 = v8 * v20
    v114 = v112 - v113
    del v112, v113
    v115 = v114 * v109
    v116 = v115 + v97
    del v97, v115
    v117 = 2.0 * v116
    del v116
    v118 = v14 * v14
    v119 = v10 * v10
    v120 = v119 + v118
    del v118
    v121 = v19 * v19
    v122 = v121 + v120
    del v120
    v123 = v13 * v13
    v124 = v12 * v12
    v125 = v124 + v123
    v126 = v15 * v15
    v127 = v126 + v125
    del v125
    v128 = 2.0 * v127
    del v127
    v129 = v122 + v128
    del v122, v128
    v130 = v7 * v7
    v131 = v5 * v5
    v132 = v131 + v130
    del v130
    v133 = v8 * v8
    v134 = v133 + v132
    del v132
    v135 = v134 * v129
    v136 = v9 * v9
    v137 = v136 + v124
    del v124, v136
    v138 = v34 * v34
    v139 = v138 + v137
    del v137
    v140 = v11 * v11
    v141 = v119 + v140
    del v119
    v142 = v123 + v141
    del v141
    v143 = 2.0 * v142
    del v142
    v144 = v139 + v143
    del v139, v143
    v145 = v4 * v4
    v146 = v145 + v131
    del v131, v145
    v147 = v6 * v6
    v148 = v147 + v146
    del v146
    v149 = v148 * v144
    v150 = v149 + v135
    del v135, v149
    v151 = v123 + v138
    del v123, v138
    v152 = v121 + v151
    del v121, v151
    v153 = 2.0 * v152
    del v152
    v154 = v140 + v126
    del v126, v140
    v155 = v49 * v49
    del v49
    v156 = v155 + v154
    del v154, v155
    v157 = v156 + v153
    del v153, v156
    v158 = v147 + v133
    del v133, v147
    v159 = v20 * v20
    v160 = v159 + v158
    del v158, v159
    v161 = v160 * v157
    v162 = v161 + v150
    del v150, v161
    v163 = v162 + v117
    del v117, v162
    v164 = v6 * v72
    v165 = v5 * v90
    v166 = v165 + v164
    del v164, v165
    v167 = v8 * v109
    v168 = v167 + v166
    del v166, v167
    v169 = 2.0 * v168
    del v168
    v170 = v7 * v129
    v171 = v4 * v144
    v172 = v171 + v170
    del v170, v171
    v173 = v20 * v157
    v174 = v172 - v173
    del v172, v173
    v175 = v174 + v169
    del v169, v174
    v176 = v1 * v3
    v177 = v176 * v72
    v178 = v1 * v2
    v179 = v178 * v90
    v180 = v179 + v177
    del v177, v179
    v181 = v2 * v3
    v182 = v181 * v109
    v183 = v182 + v180
    del v180, v182
    v184 = 2.0 * v183
    del v183
    v185 = v2 * v2
    v186 = v185 * v129
    v187 = v1 * v1
    v188 = v187 * v144
    v189 = v188 + v186
    del v186, v188
    v190 = v3 * v3
    v191 = v190 * v157
    v192 = v191 + v189
    del v189, v191
    v193 = v192 + v184
    del v184, v192
    v194 = v2 * v14
    del v14
    v195 = v1 * v12
    v196 = v195 + v194
    del v194, v195
    v197 = v3 * v15
    v198 = v197 + v196
    del v196, v197
    v199 = v185 * v198
    v200 = v2 * v10
    v201 = v1 * v9
    del v9
    v202 = v201 + v200
    del v200, v201
    v203 = v3 * v11
    v204 = v203 + v202
    del v202, v203
    v205 = v187 * v204
    v206 = v205 + v199
    del v199, v205
    v207 = v204 + v198
    del v198, v204
    v208 = v190 * v207
    del v207
    v209 = v206 - v208
    del v206, v208
    v210 = v2 * v13
    v211 = v1 * v11
    del v11
    v212 = v211 + v210
    del v210, v211
    v213 = v3 * v34
    del v34
    v214 = v212 - v213
    del v212, v213
    v215 = v176 * v214
    del v214
    v216 = v2 * v12
    del v12
    v217 = v1 * v10
    del v10
    v218 = v217 + v216
    del v216, v217
    v219 = v3 * v13
    v220 = v219 + v218
    del v218, v219
    v221 = v178 * v220
    del v220
    v222 = v221 + v215
    del v215, v221
    v223 = v2 * v15
    del v2, v15
    v224 = v1 * v13
    del v1, v13
    v225 = v224 + v223
    del v223, v224
    v226 = v3 * v19
    del v3, v19
    v227 = v225 - v226
    del v225, v226
    v228 = v181 * v227
    del v227
    v229 = v228 + v222
    del v222, v228
    v230 = 2.0 * v229
    del v229
    v231 = v209 + v230
    del v209, v230
    v232 = v77 * v176
    v233 = v95 * v178
    v234 = v233 + v232
    del v232, v233
    v235 = v114 * v181
    v236 = v235 + v234
    del v234, v235
    v237 = 2.0 * v236
    del v236
    v238 = v185 * v134
    v239 = v187 * v148
    v240 = v239 + v238
    del v238, v239
    v241 = v190 * v160
    v242 = v241 + v240
    del v240, v241
    v243 = v242 + v237
    del v237, v242
    v244 = v6 * v176
    del v176
    v245 = v5 * v178
    del v178
    v246 = v245 + v244
    del v244, v245
    v247 = v8 * v181
    del v181
    v248 = v247 + v246
    del v246, v247
    v249 = 2.0 * v248
    del v248
    v250 = v7 * v185
    v251 = v4 * v187
    v252 = v251 + v250
    del v250, v251
    v253 = v20 * v190
    v254 = v252 - v253
    del v252, v253
    v255 = v254 + v249
    del v249, v254
    v256 = v72 * v72
    del v72
    v257 = v90 * v90
    del v90
    v258 = v257 + v256
    del v256, v257
    v259 = v109 * v109
    del v109
    v260 = v259 + v258
    del v258, v259
    v261 = 2.0 * v260
    del v260
    v262 = v129 * v129
    v263 = v144 * v144
    v264 = v263 + v262
    del v262, v263
    v265 = v157 * v157
    v266 = v265 + v264
    del v264, v265
    v267 = v266 + v261
    del v261, v266
    v268 = v144 + v129
    del v129, v144
    v269 = v157 + v268
    del v157, v268
    v270 = v6 * v77
    del v6, v77
    v271 = v5 * v95
    del v5, v95
    v272 = v271 + v270
    del v270, v271
    v273 = v8 * v114
    del v8, v114
    v274 = v273 + v272
    del v272, v273
    v275 = 2.0 * v274
    del v274
    v276 = v7 * v134
    del v7
    v277 = v4 * v148
    del v4
    v278 = v277 + v276
    del v276, v277
    v279 = v20 * v160
    del v20
    v280 = v278 - v279
    del v278, v279
    v281 = v280 + v275
    del v275, v280
    v282 = v148 + v134
    del v134, v148
    v283 = v160 + v282
    del v160, v282
    v284 = v187 + v185
    del v185, v187
    v285 = v190 + v284
    del v190, v284
    return torch.stack((v0, v285, v283, v281, v269, v267, v255, v243, v231, v193, v175, v163, v60,), -2)


def vjp(x, ybar):
    """Return xbar, the sum over k of ybar_k dy_k/dx."""
    (_, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15,) = x.unbind(-2)
    (v16, v17, v18, v19, v20, v21, v22, v23, v24, v25, v26, v27, v28,) = ybar.unbind(-2)
    v29 = v2 * v2
    v30 = v24 * v29
    v31 = v3 * v3
    v32 = v24 * v31
    v33 = v30 - v32
    del v30
    v34 = v12 * v33
    v35 = v2 * v3
    v36 = 2.0 * v24
    v37 = v35 * v36
    v38 = v13 * v37
    v39 = v38 + v34
    del v34, v38
    v40 = v1 * v3
    v41 = v40 * v36
    v42 = v11 * v41
    v43 = v42 + v39
    del v39, v42
    v44 = v1 * v2
    v45 = v44 * v36
    v46 = v10 * v45
    v47 = v46 + v43
    del v43, v46
    v48 = v1 * v1
    v49 = v24 * v48
    v50 = v49 - v32
    del v32, v49
    v51 = v9 * v50
    v52 = v51 + v47
    del v47, v51
    v53 = v12 * v15
    v54 = v9 * v11
    v55 = v54 + v53
    del v53, v54
    v56 = v11 + v15
    v57 = v9 + v12
    v58 = v57 * v56
    v59 = v58 + v55
    del v55, v58
    v60 = v11 * v57
    v61 = v10 * v13
    v62 = v61 - v60
    del v60, v61
    v63 = v10 + v14
    v64 = v13 * v63
    v65 = v62 - v64
    del v62, v64
    v66 = 2.0 * v65
    del v65
    v67 = v59 + v66
    del v59, v66
    v68 = 2.0 * v25
    v69 = v67 * v68
    v70 = v2 * v13
    v71 = v1 * v11
    v72 = v71 + v70
    del v70, v71
    v73 = v3 * v57
    v74 = v72 - v73
    del v72, v73
    v75 = v74 * v36
    del v74
    v76 = v69 + v75
    del v69, v75
    v77 = v5 * v8
    v78 = v4 * v6
    v79 = v78 + v77
    del v77, v78
    v80 = v4 + v7
    v81 = v6 * v80
    v82 = v79 - v81
    del v79, v81
    v83 = 2.0 * v23
    v84 = v82 * v83
    v85 = v84 + v76
    del v76, v84
    v86 = 2.0 * v22
    v87 = v6 * v86
    v88 = v87 + v85
    del v85, v87
    v89 = v3 * v88
    v90 = v89 + v52
    del v52, v89
    v91 = v12 * v14
    v92 = v9 * v10
    v93 = v92 + v91
    del v91, v92
    v94 = v57 * v63
    v95 = v94 + v93
    del v93, v94
    v96 = v11 * v13
    v97 = v10 * v12
    v98 = v97 + v96
    del v96, v97
    v99 = v13 * v15
    v100 = v99 + v98
    del v98, v99
    v101 = 2.0 * v100
    del v100
    v102 = v95 + v101
    del v95, v101
    v103 = v102 * v68
    v104 = v2 * v12
    v105 = v1 * v10
    v106 = v105 + v104
    del v104, v105
    v107 = v3 * v13
    v108 = v107 + v106
    del v106, v107
    v109 = v108 * v36
    del v108
    v110 = v103 + v109
    del v103, v109
    v111 = v5 * v7
    v112 = v4 * v5
    v113 = v112 + v111
    del v111, v112
    v114 = v6 * v8
    v115 = v114 + v113
    del v113, v114
    v116 = v115 * v83
    v117 = v116 + v110
    del v110, v116
    v118 = v5 * v86
    v119 = v118 + v117
    del v117, v118
    v120 = v2 * v119
    v121 = v120 + v90
    del v90, v120
    v122 = v12 * v12
    v123 = v9 * v9
    v124 = v123 + v122
    del v123
    v125 = v57 * v57
    v126 = v125 + v124
    del v124
    v127 = v11 * v11
    v128 = v10 * v10
    v129 = v128 + v127
    v130 = v13 * v13
    v131 = v130 + v129
    del v129
    v132 = 2.0 * v131
    del v131
    v133 = v126 + v132
    del v126, v132
    v134 = v25 * v133
    v135 = v17 + v134
    del v134
    v136 = v2 * v10
    v137 = v1 * v9
    v138 = v137 + v136
    del v136, v137
    v139 = v3 * v11
    v140 = v139 + v138
    del v138, v139
    v141 = v24 * v140
    v142 = v141 + v135
    del v135, v141
    v143 = v5 * v5
    v144 = v4 * v4
    v145 = v144 + v143
    del v144
    v146 = v6 * v6
    v147 = v146 + v145
    del v145
    v148 = v23 * v147
    v149 = v148 + v142
    del v142, v148
    v150 = v4 * v22
    v151 = v150 + v149
    del v149, v150
    v152 = 2.0 * v151
    del v151
    v153 = v1 * v152
    del v152
    v154 = v153 + v121
    del v121, v153
    v155 = v14 * v33
    v156 = v15 * v37
    v157 = v156 + v155
    del v155, v156
    v158 = v13 * v41
    v159 = v158 + v157
    del v157, v158
    v160 = v12 * v45
    v161 = v160 + v159
    del v159, v160
    v162 = v10 * v50
    v163 = v162 + v161
    del v161, v162
    v164 = v14 * v15
    v165 = v10 * v11
    v166 = v165 + v164
    del v164, v165
    v167 = v63 * v56
    v168 = v167 + v166
    del v166, v167
    v169 = v13 * v57
    v170 = v12 * v13
    v171 = v170 - v169
    del v169, v170
    v172 = v15 * v63
    v173 = v171 - v172
    del v171, v172
    v174 = 2.0 * v173
    del v173
    v175 = v168 + v174
    del v168, v174
    v176 = v175 * v68
    v177 = v2 * v15
    v178 = v1 * v13
    v179 = v178 + v177
    del v177, v178
    v180 = v3 * v63
    v181 = v179 - v180
    del v179, v180
    v182 = v181 * v36
    del v36, v181
    v183 = v176 + v182
    del v176, v182
    v184 = v7 * v8
    v185 = v5 * v6
    v186 = v185 + v184
    del v184, v185
    v187 = v8 * v80
    v188 = v186 - v187
    del v186, v187
    v189 = v188 * v83
    v190 = v189 + v183
    del v183, v189
    v191 = v8 * v86
    v192 = v191 + v190
    del v190, v191
    v193 = v3 * v192
    v194 = v193 + v163
    del v163, v193
    v195 = v1 * v119
    del v119
    v196 = v195 + v194
    del v194, v195
    v197 = v14 * v14
    v198 = v128 + v197
    del v128, v197
    v199 = v63 * v63
    v200 = v199 + v198
    del v198
    v201 = v122 + v130
    del v122
    v202 = v15 * v15
    v203 = v202 + v201
    del v201
    v204 = 2.0 * v203
    del v203
    v205 = v200 + v204
    del v200, v204
    v206 = v25 * v205
    v207 = v17 + v206
    del v206
    v208 = v2 * v14
    v209 = v1 * v12
    v210 = v209 + v208
    del v208, v209
    v211 = v3 * v15
    v212 = v211 + v210
    del v210, v211
    v213 = v24 * v212
    v214 = v213 + v207
    del v207, v213
    v215 = v7 * v7
    v216 = v143 + v215
    del v143, v215
    v217 = v8 * v8
    v218 = v217 + v216
    del v216
    v219 = v23 * v218
    v220 = v219 + v214
    del v214, v219
    v221 = v7 * v22
    v222 = v221 + v220
    del v220, v221
    v223 = 2.0 * v222
    del v222
    v224 = v2 * v223
    del v223
    v225 = v224 + v196
    del v196, v224
    v226 = v15 * v33
    v227 = v13 * v45
    v228 = v226 + v227
    del v226, v227
    v229 = v11 * v50
    v230 = v229 + v228
    del v228, v229
    v231 = v2 * v192
    del v192
    v232 = v231 + v230
    del v230, v231
    v233 = v1 * v88
    del v88
    v234 = v233 + v232
    del v232, v233
    v235 = v130 + v125
    del v125, v130
    v236 = v199 + v235
    del v199, v235
    v237 = 2.0 * v236
    del v236
    v238 = v127 + v202
    del v127, v202
    v239 = v56 * v56
    v240 = v239 + v238
    del v238, v239
    v241 = v240 + v237
    del v237, v240
    v242 = v25 * v241
    v243 = v17 + v242
    del v17, v242
    v244 = v146 + v217
    del v146, v217
    v245 = v80 * v80
    v246 = v245 + v244
    del v244, v245
    v247 = v23 * v246
    v248 = v247 + v243
    del v243, v247
    v249 = v140 + v212
    del v140, v212
    v250 = v24 * v249
    del v24, v249
    v251 = v248 - v250
    del v248, v250
    v252 = v22 * v80
    v253 = v251 - v252
    del v251, v252
    v254 = 2.0 * v253
    del v253
    v255 = v3 * v254
    del v254
    v256 = v255 + v234
    del v234, v255
    v257 = v63 * v37
    v258 = v256 - v257
    del v256, v257
    v259 = v57 * v41
    v260 = v258 - v259
    del v258, v259
    v261 = v7 * v14
    v262 = v4 * v10
    v263 = v262 + v261
    del v261, v262
    v264 = v80 * v63
    v265 = v264 + v263
    del v263, v264
    v266 = v6 * v13
    v267 = v5 * v12
    v268 = v267 + v266
    del v266, v267
    v269 = v8 * v15
    v270 = v269 + v268
    del v268, v269
    v271 = 2.0 * v270
    del v270
    v272 = v265 + v271
    del v265, v271
    v273 = 2.0 * v28
    del v28
    v274 = v272 * v273
    del v272
    v275 = v63 * v274
    v276 = v7 * v15
    v277 = v4 * v11
    v278 = v277 + v276
    del v276, v277
    v279 = v80 * v56
    v280 = v279 + v278
    del v278, v279
    v281 = v6 * v57
    v282 = v5 * v13
    v283 = v282 - v281
    del v281, v282
    v284 = v8 * v63
    v285 = v283 - v284
    del v283, v284
    v286 = 2.0 * v285
    del v285
    v287 = v280 + v286
    del v280, v286
    v288 = v287 * v273
    del v287
    v289 = v56 * v288
    v290 = v289 + v275
    del v275, v289
    v291 = v7 * v12
    v292 = v4 * v9
    v293 = v292 + v291
    del v291, v292
    v294 = v80 * v57
    v295 = v294 + v293
    del v293, v294
    v296 = v6 * v11
    v297 = v5 * v10
    v298 = v297 + v296
    del v296, v297
    v299 = v8 * v13
    v300 = v299 + v298
    del v298, v299
    v301 = 2.0 * v300
    del v300
    v302 = v295 + v301
    del v295, v301
    v303 = v302 * v273
    del v273, v302
    v304 = v57 * v303
    v305 = v304 + v290
    del v290, v304
    v306 = v27 * v241
    v307 = v18 + v306
    del v306
    v308 = v23 * v31
    v309 = v308 + v307
    del v307, v308
    v310 = v19 * v80
    v311 = v309 - v310
    del v309, v310
    v312 = 2.0 * v311
    v313 = v80 * v312
    del v312
    v314 = v313 + v305
    del v305, v313
    v315 = v26 * v241
    v316 = v314 - v315
    del v314, v315
    v317 = v22 * v31
    v318 = v316 - v317
    del v316, v317
    v319 = v19 * v246
    v320 = v318 - v319
    del v318, v319
    v321 = 2.0 * v27
    v322 = v175 * v321
    v323 = v35 * v83
    v324 = v322 + v323
    del v322, v323
    v325 = 2.0 * v19
    v326 = v8 * v325
    v327 = v326 + v324
    del v324, v326
    v328 = v8 * v327
    v329 = v320 - v328
    del v320
    v330 = v67 * v321
    v331 = v40 * v83
    v332 = v330 + v331
    del v330, v331
    v333 = v6 * v325
    v334 = v333 + v332
    del v332, v333
    v335 = v6 * v334
    v336 = v329 - v335
    del v329
    v337 = v335 + v336
    del v335
    v338 = v11 * v288
    v339 = v338 + v337
    del v337, v338
    v340 = v10 * v274
    v341 = v340 + v339
    del v339, v340
    v342 = v9 * v303
    v343 = v342 + v341
    del v341, v342
    v344 = v26 * v133
    v345 = v344 + v343
    del v343, v344
    v346 = v22 * v48
    v347 = v346 + v345
    del v345, v346
    v348 = v19 * v147
    v349 = v348 + v347
    del v347, v348
    v350 = v102 * v321
    v351 = v44 * v83
    del v83
    v352 = v350 + v351
    del v350, v351
    v353 = v5 * v325
    v354 = v353 + v352
    del v352, v353
    v355 = v5 * v354
    v356 = v355 + v349
    del v349
    v357 = v27 * v133
    v358 = v18 + v357
    del v357
    v359 = v23 * v48
    v360 = v359 + v358
    del v358, v359
    v361 = v4 * v19
    v362 = v361 + v360
    del v360, v361
    v363 = 2.0 * v362
    v364 = v4 * v363
    del v363
    v365 = v364 + v356
    del v356, v364
    v366 = 2.0 * v274
    v367 = v12 * v366
    v368 = 2.0 * v288
    v369 = v13 * v368
    v370 = v369 + v367
    del v367, v369
    v371 = 2.0 * v303
    v372 = v10 * v371
    v373 = v372 + v370
    del v370, v372
    v374 = 2.0 * v26
    v375 = v102 * v374
    v376 = v375 + v373
    del v373, v375
    v377 = v44 * v86
    v378 = v377 + v376
    del v376, v377
    v379 = v115 * v325
    v380 = v379 + v378
    del v378, v379
    v381 = v6 * v327
    v382 = v381 + v380
    del v380, v381
    v383 = v8 * v334
    v384 = v383 + v382
    del v382, v383
    v385 = v80 * v354
    v386 = v385 + v384
    del v384, v385
    v387 = v27 * v205
    v388 = v18 + v387
    del v18, v387
    v389 = v23 * v29
    del v23
    v390 = v389 + v388
    del v388, v389
    v391 = v7 * v19
    v392 = v391 + v390
    del v390, v391
    v393 = v392 + v362
    v394 = 2.0 * v393
    del v393
    v395 = v5 * v394
    del v394
    v396 = v395 + v386
    del v386, v395
    v397 = v11 * v371
    v398 = v13 * v366
    v399 = v398 + v397
    del v397, v398
    v400 = v67 * v374
    v401 = v400 + v399
    del v399, v400
    v402 = v40 * v86
    v403 = v402 + v401
    del v401, v402
    v404 = v82 * v325
    v405 = v404 + v403
    del v403, v404
    v406 = v5 * v327
    v407 = v406 + v405
    del v405, v406
    v408 = v4 - v80
    v409 = v334 * v408
    del v408
    v410 = v409 + v407
    del v407, v409
    v411 = v8 * v354
    v412 = v411 + v410
    del v410, v411
    v413 = v311 + v362
    del v362
    v414 = 2.0 * v413
    del v413
    v415 = v6 * v414
    del v414
    v416 = v415 + v412
    del v412, v415
    v417 = v57 * v368
    v418 = v416 - v417
    del v416, v417
    v419 = v328 + v336
    del v328, v336
    v420 = v355 + v419
    del v355, v419
    v421 = v15 * v288
    v422 = v421 + v420
    del v420, v421
    v423 = v14 * v274
    v424 = v423 + v422
    del v422, v423
    v425 = v12 * v303
    v426 = v425 + v424
    del v424, v425
    v427 = v26 * v205
    v428 = v427 + v426
    del v426, v427
    v429 = v22 * v29
    del v22
    v430 = v429 + v428
    del v428, v429
    v431 = v19 * v218
    del v19
    v432 = v431 + v430
    del v430, v431
    v433 = 2.0 * v392
    v434 = v7 * v433
    del v433
    v435 = v434 + v432
    del v432, v434
    v436 = v13 * v371
    v437 = v15 * v366
    v438 = v437 + v436
    del v436, v437
    v439 = v175 * v374
    v440 = v439 + v438
    del v438, v439
    v441 = v35 * v86
    del v86
    v442 = v441 + v440
    del v440, v441
    v443 = v188 * v325
    del v325
    v444 = v443 + v442
    del v442, v443
    v445 = v7 - v80
    v446 = v327 * v445
    del v327, v445
    v447 = v446 + v444
    del v444, v446
    v448 = v311 + v392
    del v311, v392
    v449 = 2.0 * v448
    del v448
    v450 = v8 * v449
    del v449
    v451 = v450 + v447
    del v447, v450
    v452 = v5 * v334
    del v334
    v453 = v452 + v451
    del v451, v452
    v454 = v6 * v354
    del v354
    v455 = v454 + v453
    del v453, v454
    v456 = v63 * v368
    v457 = v455 - v456
    del v455, v456
    v458 = 4.0 * v21
    v459 = v67 * v458
    del v67
    v460 = v82 * v321
    del v82
    v461 = v40 * v68
    del v40
    v462 = v460 + v461
    del v460, v461
    v463 = v459 + v462
    del v459, v462
    v464 = v6 * v374
    v465 = v464 + v463
    del v463, v464
    v466 = v56 * v465
    v467 = v80 * v303
    v468 = v467 + v466
    del v466, v467
    v469 = v102 * v458
    del v102
    v470 = v115 * v321
    del v115
    v471 = v44 * v68
    del v44
    v472 = v470 + v471
    del v470, v471
    v473 = v469 + v472
    del v469, v472
    v474 = v5 * v374
    v475 = v474 + v473
    del v473, v474
    v476 = v63 * v475
    v477 = v476 + v468
    del v468, v476
    v478 = v27 * v147
    del v147
    v479 = v20 + v478
    del v478
    v480 = v25 * v48
    del v48
    v481 = v480 + v479
    del v479, v480
    v482 = 2.0 * v21
    del v21
    v483 = v133 * v482
    del v133
    v484 = v483 + v481
    del v481, v483
    v485 = v4 * v26
    v486 = v485 + v484
    del v484, v485
    v487 = v241 * v482
    del v241
    v488 = v27 * v246
    del v246
    v489 = v20 + v488
    del v488
    v490 = v25 * v31
    del v31
    v491 = v490 + v489
    del v489, v490
    v492 = v487 + v491
    del v487, v491
    v493 = v26 * v80
    v494 = v492 - v493
    del v492, v493
    v495 = 2.0 * v494
    v496 = v495 + v486
    v497 = 2.0 * v496
    del v496
    v498 = v57 * v497
    del v497
    v499 = v498 + v477
    del v477, v498
    v500 = v6 * v368
    v501 = v499 - v500
    del v499, v500
    v502 = v3 * v41
    v503 = v501 - v502
    del v501, v502
    v504 = v175 * v458
    del v175, v458
    v505 = v188 * v321
    del v188, v321
    v506 = v35 * v68
    del v35, v68
    v507 = v505 + v506
    del v505, v506
    v508 = v504 + v507
    del v504, v507
    v509 = v8 * v374
    del v374
    v510 = v509 + v508
    del v508, v509
    v511 = 2.0 * v510
    v512 = v13 * v511
    v513 = v503 - v512
    del v503
    v514 = 2.0 * v465
    v515 = v11 * v514
    v516 = v513 - v515
    del v513, v515
    v517 = v4 * v303
    v518 = v516 + v517
    del v517
    v519 = v1 * v50
    v520 = v519 + v518
    del v518, v519
    v521 = v11 * v465
    v522 = v521 + v520
    del v520, v521
    v523 = v10 * v475
    v524 = v523 + v522
    del v522
    v525 = 2.0 * v486
    v526 = v9 * v525
    v527 = v526 + v524
    del v524, v526
    v528 = v56 * v510
    v529 = v80 * v274
    v530 = v529 + v528
    del v528, v529
    v531 = v27 * v218
    del v27, v218
    v532 = v20 + v531
    del v20, v531
    v533 = v25 * v29
    del v25, v29
    v534 = v533 + v532
    del v532, v533
    v535 = v205 * v482
    del v205, v482
    v536 = v535 + v534
    del v534, v535
    v537 = v7 * v26
    del v26
    v538 = v537 + v536
    del v536, v537
    v539 = v538 + v495
    v540 = 2.0 * v539
    del v539
    v541 = v63 * v540
    del v540
    v542 = v541 + v530
    del v530, v541
    v543 = v57 * v475
    v544 = v543 + v542
    del v542, v543
    v545 = v8 * v368
    v546 = v544 - v545
    del v544, v545
    v547 = v3 * v37
    v548 = v546 - v547
    del v546, v547
    v549 = v15 * v511
    v550 = v548 - v549
    del v548, v549
    v551 = v13 * v514
    v552 = v550 - v551
    del v550
    v553 = v551 + v552
    del v551
    v554 = v4 * v274
    v555 = v554 + v553
    del v553, v554
    v556 = v5 * v371
    v557 = v556 + v555
    del v555, v556
    v558 = v1 * v45
    v559 = v558 + v557
    del v557, v558
    v560 = v2 * v50
    v561 = v560 + v559
    del v559, v560
    v562 = v11 * v510
    v563 = v562 + v561
    del v561, v562
    v564 = 2.0 * v475
    v565 = v12 * v564
    v566 = v565 + v563
    del v563, v565
    v567 = v9 * v475
    v568 = v567 + v566
    del v566, v567
    v569 = v538 + v525
    v570 = 2.0 * v569
    del v569
    v571 = v10 * v570
    del v570
    v572 = v571 + v568
    del v568, v571
    v573 = v56 * v495
    del v495
    v574 = v80 * v288
    del v80
    v575 = v574 + v573
    del v573, v574
    v576 = v63 * v510
    v577 = v576 + v575
    del v575
    v578 = v57 * v465
    v579 = v578 + v577
    del v577
    v580 = v4 * v288
    del v4
    v581 = v579 + v580
    del v580
    v582 = v6 * v371
    v583 = v582 + v581
    del v581, v582
    v584 = v1 * v41
    v585 = v584 + v583
    del v583, v584
    v586 = v3 * v50
    del v50
    v587 = v586 + v585
    del v585, v586
    v588 = v10 * v510
    v589 = v588 + v587
    del v587, v588
    v590 = v9 * v465
    del v9
    v591 = v590 + v589
    del v589, v590
    v592 = v13 * v564
    v593 = v592 + v591
    del v591
    v594 = v494 + v525
    del v525
    v595 = 2.0 * v594
    del v594
    v596 = v11 * v595
    del v11, v595
    v597 = v596 + v593
    del v593, v596
    v598 = 2.0 * v578
    del v578
    v599 = v597 - v598
    del v597, v598
    v600 = v512 + v516
    del v512, v516
    v601 = v5 * v366
    v602 = v601 + v600
    del v600, v601
    v603 = v7 * v303
    del v303
    v604 = v603 + v602
    del v602, v603
    v605 = v1 * v33
    v606 = v605 + v604
    del v604, v605
    v607 = v2 * v45
    v608 = v607 + v606
    del v606, v607
    v609 = v15 * v465
    v610 = v609 + v608
    del v608, v609
    v611 = v14 * v475
    v612 = v611 + v610
    del v610, v611
    v613 = 2.0 * v538
    v614 = v613 + v486
    v615 = 2.0 * v614
    del v614
    v616 = v12 * v615
    del v615
    v617 = v616 + v612
    del v612, v616
    v618 = 2.0 * v523
    del v523
    v619 = v618 + v617
    del v617, v618
    v620 = v6 * v366
    del v6
    v621 = v5 * v368
    del v5, v368
    v622 = v621 + v620
    del v620, v621
    v623 = v8 * v371
    del v371
    v624 = v623 + v622
    del v622, v623
    v625 = v1 * v37
    del v1
    v626 = v625 + v624
    del v624, v625
    v627 = v2 * v41
    del v41
    v628 = v627 + v626
    del v626, v627
    v629 = v3 * v45
    del v45
    v630 = v629 + v628
    del v628, v629
    v631 = v12 - v57
    del v57
    v632 = v511 * v631
    del v511, v631
    v633 = v632 + v630
    del v630, v632
    v634 = v10 - v63
    del v10, v63
    v635 = v514 * v634
    del v514, v634
    v636 = v635 + v633
    del v633, v635
    v637 = v56 * v564
    del v56, v564
    v638 = v637 + v636
    del v636, v637
    v639 = v494 + v538
    del v538
    v640 = v486 + v639
    del v486, v639
    v641 = 4.0 * v640
    del v640
    v642 = v13 * v641
    del v13, v641
    v643 = v642 + v638
    del v638, v642
    v644 = v7 * v274
    del v274
    v645 = v552 + v644
    del v552, v644
    v646 = v2 * v33
    v647 = v646 + v645
    del v645, v646
    v648 = v15 * v510
    v649 = v648 + v647
    del v647, v648
    v650 = v14 * v613
    v651 = v650 + v649
    del v649, v650
    v652 = v12 * v475
    del v475
    v653 = v652 + v651
    del v651, v652
    v654 = v579 + v592
    del v579, v592
    v655 = v7 * v288
    del v7, v288
    v656 = v655 + v654
    del v654, v655
    v657 = v8 * v366
    del v8, v366
    v658 = v657 + v656
    del v656, v657
    v659 = v2 * v37
    del v2, v37
    v660 = v659 + v658
    del v658, v659
    v661 = v3 * v33
    del v3, v33
    v662 = v661 + v660
    del v660, v661
    v663 = v14 * v510
    del v14, v510
    v664 = v663 + v662
    del v662, v663
    v665 = v494 + v613
    del v494, v613
    v666 = 2.0 * v665
    del v665
    v667 = v15 * v666
    del v15, v666
    v668 = v667 + v664
    del v664, v667
    v669 = v12 * v465
    del v12, v465
    v670 = v669 + v668
    del v668, v669
    v671 = 2.0 * v576
    del v576
    v672 = v670 - v671
    del v670, v671
    return torch.stack((v16, v154, v225, v260, v365, v396, v418, v435, v457, v527, v572, v599, v619, v643, v653, v672,), -2)


def value_and_vjp(x, ybar):
    """Return (y, xbar)."""
    (v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15,) = x.unbind(-2)
    (v16, v17, v18, v19, v20, v21, v22, v23, v24, v25, v26, v27, v28,) = ybar.unbind(-2)
    v29 = v2 * v2
    v30 = v1 * v1
    v31 = v30 + v29
    v32 = v3 * v3
    v33 = v32 + v31
    del v31
    v34 = v7 * v7
    v35 = v5 * v5
    v36 = v35 + v34
    del v34
    v37 = v8 * v8
    v38 = v37 + v36
    del v36
    v39 = v4 * v4
    v40 = v39 + v35
    del v35, v39
    v41 = v6 * v6
    v42 = v41 + v40
    del v40
    v43 = v42 + v38
    v44 = v41 + v37
    del v37, v41
    v45 = v4 + v7
    v46 = v45 * v45
    v47 = v46 + v44
    del v44, v46
    v48 = v47 + v43
    del v43
    v49 = v1 * v3
    v50 = v6 * v49
    v51 = v1 * v2
    v52 = v5 * v51
    v53 = v52 + v50
    del v50, v52
    v54 = v2 * v3
    v55 = v8 * v54
    v56 = v55 + v53
    del v53, v55
    v57 = 2.0 * v56
    del v56
    v58 = v7 * v29
    v59 = v4 * v30
    v60 = v59 + v58
    del v58, v59
    v61 = v45 * v32
    v62 = v60 - v61
    del v60, v61
    v63 = v62 + v57
    del v57, v62
    v64 = v14 * v14
    v65 = v10 * v10
    v66 = v65 + v64
    del v64
    v67 = v10 + v14
    v68 = v67 * v67
    v69 = v68 + v66
    del v66
    v70 = v13 * v13
    v71 = v12 * v12
    v72 = v71 + v70
    v73 = v15 * v15
    v74 = v73 + v72
    del v72
    v75 = 2.0 * v74
    del v74
    v76 = v69 + v75
    del v69, v75
    v77 = v9 * v9
    v78 = v77 + v71
    del v71, v77
    v79 = v9 + v12
    v80 = v79 * v79
    v81 = v80 + v78
    del v78
    v82 = v11 * v11
    v83 = v65 + v82
    del v65
    v84 = v70 + v83
    del v83
    v85 = 2.0 * v84
    del v84
    v86 = v81 + v85
    del v81, v85
    v87 = v86 + v76
    v88 = v70 + v80
    del v70, v80
    v89 = v68 + v88
    del v68, v88
    v90 = 2.0 * v89
    del v89
    v91 = v82 + v73
    del v73, v82
    v92 = v11 + v15
    v93 = v92 * v92
    v94 = v93 + v91
    del v91, v93
    v95 = v94 + v90
    del v90, v94
    v96 = v95 + v87
    del v87
    v97 = v5 * v8
    v98 = v4 * v6
    v99 = v98 + v97
    del v97, v98
    v100 = v6 * v45
    v101 = v99 - v100
    del v99, v100
    v102 = v6 * v101
    v103 = v5 * v7
    v104 = v4 * v5
    v105 = v104 + v103
    del v103, v104
    v106 = v6 * v8
    v107 = v106 + v105
    del v105, v106
    v108 = v5 * v107
    v109 = v108 + v102
    del v102, v108
    v110 = v7 * v8
    v111 = v5 * v6
    v112 = v111 + v110
    del v110, v111
    v113 = v8 * v45
    v114 = v112 - v113
    del v112, v113
    v115 = v8 * v114
    v116 = v115 + v109
    del v109, v115
    v117 = 2.0 * v116
    del v116
    v118 = v7 * v38
    v119 = v4 * v42
    v120 = v119 + v118
    del v118, v119
    v121 = v45 * v47
    v122 = v120 - v121
    del v120, v121
    v123 = v122 + v117
    del v117, v122
    v124 = v101 * v49
    v125 = v107 * v51
    v126 = v125 + v124
    del v124, v125
    v127 = v114 * v54
    v128 = v127 + v126
    del v126, v127
    v129 = 2.0 * v128
    del v128
    v130 = v29 * v38
    v131 = v30 * v42
    v132 = v131 + v130
    del v130, v131
    v133 = v32 * v47
    v134 = v133 + v132
    del v132, v133
    v135 = v134 + v129
    del v129, v134
    v136 = v2 * v14
    v137 = v1 * v12
    v138 = v137 + v136
    del v136, v137
    v139 = v3 * v15
    v140 = v139 + v138
    del v138, v139
    v141 = v29 * v140
    v142 = v2 * v10
    v143 = v1 * v9
    v144 = v143 + v142
    del v142, v143
    v145 = v3 * v11
    v146 = v145 + v144
    del v144, v145
    v147 = v30 * v146
    v148 = v147 + v141
    del v141, v147
    v149 = v146 + v140
    v150 = v32 * v149
    v151 = v148 - v150
    del v148, v150
    v152 = v2 * v13
    v153 = v1 * v11
    v154 = v153 + v152
    del v152, v153
    v155 = v3 * v79
    v156 = v154 - v155
    del v154, v155
    v157 = v49 * v156
    v158 = v2 * v12
    v159 = v1 * v10
    v160 = v159 + v158
    del v158, v159
    v161 = v3 * v13
    v162 = v161 + v160
    del v160, v161
    v163 = v51 * v162
    v164 = v163 + v157
    del v157, v163
    v165 = v2 * v15
    v166 = v1 * v13
    v167 = v166 + v165
    del v165, v166
    v168 = v3 * v67
    v169 = v167 - v168
    del v167, v168
    v170 = v54 * v169
    v171 = v170 + v164
    del v164, v170
    v172 = 2.0 * v171
    del v171
    v173 = v151 + v172
    del v151, v172
    v174 = v7 * v14
    v175 = v4 * v10
    v176 = v175 + v174
    del v174, v175
    v177 = v45 * v67
    v178 = v177 + v176
    del v176, v177
    v179 = v6 * v13
    v180 = v5 * v12
    v181 = v180 + v179
    del v179, v180
    v182 = v8 * v15
    v183 = v182 + v181
    del v181, v182
    v184 = 2.0 * v183
    del v183
    v185 = v178 + v184
    del v178, v184
    v186 = v185 * v185
    v187 = v7 * v12
    v188 = v4 * v9
    v189 = v188 + v187
    del v187, v188
    v190 = v45 * v79
    v191 = v190 + v189
    del v189, v190
    v192 = v6 * v11
    v193 = v5 * v10
    v194 = v193 + v192
    del v192, v193
    v195 = v8 * v13
    v196 = v195 + v194
    del v194, v195
    v197 = 2.0 * v196
    del v196
    v198 = v191 + v197
    del v191, v197
    v199 = v198 * v198
    v200 = v199 + v186
    del v186, v199
    v201 = v7 * v15
    v202 = v4 * v11
    v203 = v202 + v201
    del v201, v202
    v204 = v45 * v92
    v205 = v204 + v203
    del v203, v204
    v206 = v6 * v79
    v207 = v5 * v13
    v208 = v207 - v206
    del v206, v207
    v209 = v8 * v67
    v210 = v208 - v209
    del v208, v209
    v211 = 2.0 * v210
    del v210
    v212 = v205 + v211
    del v205, v211
    v213 = v212 * v212
    v214 = v213 + v200
    del v200, v213
    v215 = v12 * v15
    v216 = v9 * v11
    v217 = v216 + v215
    del v215, v216
    v218 = v79 * v92
    v219 = v218 + v217
    del v217, v218
    v220 = v11 * v79
    v221 = v10 * v13
    v222 = v221 - v220
    del v220, v221
    v223 = v13 * v67
    v224 = v222 - v223
    del v222, v223
    v225 = 2.0 * v224
    del v224
    v226 = v219 + v225
    del v219, v225
    v227 = v226 * v226
    v228 = v12 * v14
    v229 = v9 * v10
    v230 = v229 + v228
    del v228, v229
    v231 = v79 * v67
    v232 = v231 + v230
    del v230, v231
    v233 = v11 * v13
    v234 = v10 * v12
    v235 = v234 + v233
    del v233, v234
    v236 = v13 * v15
    v237 = v236 + v235
    del v235, v236
    v238 = 2.0 * v237
    del v237
    v239 = v232 + v238
    del v232, v238
    v240 = v239 * v239
    v241 = v240 + v227
    del v227, v240
    v242 = v14 * v15
    v243 = v10 * v11
    v244 = v243 + v242
    del v242, v243
    v245 = v67 * v92
    v246 = v245 + v244
    del v244, v245
    v247 = v13 * v79
    v248 = v12 * v13
    v249 = v248 - v247
    del v247, v248
    v250 = v15 * v67
    v251 = v249 - v250
    del v249, v250
    v252 = 2.0 * v251
    del v251
    v253 = v246 + v252
    del v246, v252
    v254 = v253 * v253
    v255 = v254 + v241
    del v241, v254
    v256 = 2.0 * v255
    del v255
    v257 = v76 * v76
    v258 = v86 * v86
    v259 = v258 + v257
    del v257, v258
    v260 = v95 * v95
    v261 = v260 + v259
    del v259, v260
    v262 = v261 + v256
    del v256, v261
    v263 = v6 * v226
    v264 = v5 * v239
    v265 = v264 + v263
    del v263, v264
    v266 = v8 * v253
    v267 = v266 + v265
    del v265, v266
    v268 = 2.0 * v267
    del v267
    v269 = v7 * v76
    v270 = v4 * v86
    v271 = v270 + v269
    del v269, v270
    v272 = v45 * v95
    v273 = v271 - v272
    del v271, v272
    v274 = v273 + v268
    del v268, v273
    v275 = v49 * v226
    v276 = v51 * v239
    v277 = v276 + v275
    del v275, v276
    v278 = v54 * v253
    v279 = v278 + v277
    del v277, v278
    v280 = 2.0 * v279
    del v279
    v281 = v29 * v76
    v282 = v30 * v86
    v283 = v282 + v281
    del v281, v282
    v284 = v32 * v95
    v285 = v284 + v283
    del v283, v284
    v286 = v285 + v280
    del v280, v285
    v287 = v101 * v226
    v288 = v107 * v239
    v289 = v288 + v287
    del v287, v288
    v290 = v114 * v253
    v291 = v290 + v289
    del v289, v290
    v292 = 2.0 * v291
    del v291
    v293 = v38 * v76
    v294 = v42 * v86
    v295 = v294 + v293
    del v293, v294
    v296 = v47 * v95
    v297 = v296 + v295
    del v295, v296
    v298 = v297 + v292
    del v292, v297
    v299 = v24 * v29
    v300 = v24 * v32
    v301 = v299 - v300
    del v299
    v302 = v12 * v301
    v303 = 2.0 * v24
    v304 = v54 * v303
    v305 = v13 * v304
    v306 = v305 + v302
    del v302, v305
    v307 = v49 * v303
    v308 = v11 * v307
    v309 = v308 + v306
    del v306, v308
    v310 = v51 * v303
    v311 = v10 * v310
    v312 = v311 + v309
    del v309, v311
    v313 = v24 * v30
    v314 = v313 - v300
    del v300, v313
    v315 = v9 * v314
    v316 = v315 + v312
    del v312, v315
    v317 = 2.0 * v25
    v318 = v226 * v317
    v319 = v156 * v303
    del v156
    v320 = v318 + v319
    del v318, v319
    v321 = 2.0 * v23
    v322 = v101 * v321
    v323 = v322 + v320
    del v320, v322
    v324 = 2.0 * v22
    v325 = v6 * v324
    v326 = v325 + v323
    del v323, v325
    v327 = v3 * v326
    v328 = v327 + v316
    del v316, v327
    v329 = v239 * v317
    v330 = v162 * v303
    del v162
    v331 = v329 + v330
    del v329, v330
    v332 = v107 * v321
    v333 = v332 + v331
    del v331, v332
    v334 = v5 * v324
    v335 = v334 + v333
    del v333, v334
    v336 = v2 * v335
    v337 = v336 + v328
    del v328, v336
    v338 = v25 * v86
    v339 = v17 + v338
    del v338
    v340 = v24 * v146
    del v146
    v341 = v340 + v339
    del v339, v340
    v342 = v23 * v42
    v343 = v342 + v341
    del v341, v342
    v344 = v4 * v22
    v345 = v344 + v343
    del v343, v344
    v346 = 2.0 * v345
    del v345
    v347 = v1 * v346
    del v346
    v348 = v347 + v337
    del v337, v347
    v349 = v14 * v301
    v350 = v15 * v304
    v351 = v350 + v349
    del v349, v350
    v352 = v13 * v307
    v353 = v352 + v351
    del v351, v352
    v354 = v12 * v310
    v355 = v354 + v353
    del v353, v354
    v356 = v10 * v314
    v357 = v356 + v355
    del v355, v356
    v358 = v253 * v317
    v359 = v169 * v303
    del v169, v303
    v360 = v358 + v359
    del v358, v359
    v361 = v114 * v321
    v362 = v361 + v360
    del v360, v361
    v363 = v8 * v324
    v364 = v363 + v362
    del v362, v363
    v365 = v3 * v364
    v366 = v365 + v357
    del v357, v365
    v367 = v1 * v335
    del v335
    v368 = v367 + v366
    del v366, v367
    v369 = v25 * v76
    v370 = v17 + v369
    del v369
    v371 = v24 * v140
    del v140
    v372 = v371 + v370
    del v370, v371
    v373 = v23 * v38
    v374 = v373 + v372
    del v372, v373
    v375 = v7 * v22
    v376 = v375 + v374
    del v374, v375
    v377 = 2.0 * v376
    del v376
    v378 = v2 * v377
    del v377
    v379 = v378 + v368
    del v368, v378
    v380 = v15 * v301
    v381 = v13 * v310
    v382 = v380 + v381
    del v380, v381
    v383 = v11 * v314
    v384 = v383 + v382
    del v382, v383
    v385 = v2 * v364
    del v364
    v386 = v385 + v384
    del v384, v385
    v387 = v1 * v326
    del v326
    v388 = v387 + v386
    del v386, v387
    v389 = v25 * v95
    v390 = v17 + v389
    del v17, v389
    v391 = v23 * v47
    v392 = v391 + v390
    del v390, v391
    v393 = v24 * v149
    del v24, v149
    v394 = v392 - v393
    del v392, v393
    v395 = v22 * v45
    v396 = v394 - v395
    del v394, v395
    v397 = 2.0 * v396
    del v396
    v398 = v3 * v397
    del v397
    v399 = v398 + v388
    del v388, v398
    v400 = v67 * v304
    v401 = v399 - v400
    del v399, v400
    v402 = v79 * v307
    v403 = v401 - v402
    del v401, v402
    v404 = 2.0 * v28
    del v28
    v405 = v185 * v404
    del v185
    v406 = 2.0 * v405
    v407 = v12 * v406
    v408 = v212 * v404
    del v212
    v409 = 2.0 * v408
    v410 = v13 * v409
    v411 = v410 + v407
    del v407, v410
    v412 = v198 * v404
    del v198, v404
    v413 = 2.0 * v412
    v414 = v10 * v413
    v415 = v414 + v411
    del v411, v414
    v416 = 2.0 * v26
    v417 = v239 * v416
    v418 = v417 + v415
    del v415, v417
    v419 = v51 * v324
    v420 = v419 + v418
    del v418, v419
    v421 = 2.0 * v19
    v422 = v107 * v421
    v423 = v422 + v420
    del v420, v422
    v424 = 2.0 * v27
    v425 = v253 * v424
    v426 = v54 * v321
    v427 = v425 + v426
    del v425, v426
    v428 = v8 * v421
    v429 = v428 + v427
    del v427, v428
    v430 = v6 * v429
    v431 = v430 + v423
    del v423, v430
    v432 = v226 * v424
    v433 = v49 * v321
    v434 = v432 + v433
    del v432, v433
    v435 = v6 * v421
    v436 = v435 + v434
    del v434, v435
    v437 = v8 * v436
    v438 = v437 + v431
    del v431, v437
    v439 = v239 * v424
    v440 = v51 * v321
    del v321
    v441 = v439 + v440
    del v439, v440
    v442 = v5 * v421
    v443 = v442 + v441
    del v441, v442
    v444 = v45 * v443
    v445 = v444 + v438
    del v438, v444
    v446 = v27 * v86
    v447 = v18 + v446
    del v446
    v448 = v23 * v30
    v449 = v448 + v447
    del v447, v448
    v450 = v4 * v19
    v451 = v450 + v449
    del v449, v450
    v452 = v27 * v76
    v453 = v18 + v452
    del v452
    v454 = v23 * v29
    v455 = v454 + v453
    del v453, v454
    v456 = v7 * v19
    v457 = v456 + v455
    del v455, v456
    v458 = v457 + v451
    v459 = 2.0 * v458
    del v458
    v460 = v5 * v459
    del v459
    v461 = v460 + v445
    del v445, v460
    v462 = v11 * v413
    v463 = v13 * v406
    v464 = v463 + v462
    del v462, v463
    v465 = v226 * v416
    v466 = v465 + v464
    del v464, v465
    v467 = v49 * v324
    v468 = v467 + v466
    del v466, v467
    v469 = v101 * v421
    v470 = v469 + v468
    del v468, v469
    v471 = v5 * v429
    v472 = v471 + v470
    del v470, v471
    v473 = v4 - v45
    v474 = v436 * v473
    del v473
    v475 = v474 + v472
    del v472, v474
    v476 = v8 * v443
    v477 = v476 + v475
    del v475, v476
    v478 = v27 * v95
    v479 = v18 + v478
    del v18, v478
    v480 = v23 * v32
    del v23
    v481 = v480 + v479
    del v479, v480
    v482 = v19 * v45
    v483 = v481 - v482
    del v481, v482
    v484 = v483 + v451
    v485 = 2.0 * v484
    del v484
    v486 = v6 * v485
    del v485
    v487 = v486 + v477
    del v477, v486
    v488 = v79 * v409
    v489 = v487 - v488
    del v487, v488
    v490 = v13 * v413
    v491 = v15 * v406
    v492 = v491 + v490
    del v490, v491
    v493 = v253 * v416
    v494 = v493 + v492
    del v492, v493
    v495 = v54 * v324
    del v324
    v496 = v495 + v494
    del v494, v495
    v497 = v114 * v421
    del v421
    v498 = v497 + v496
    del v496, v497
    v499 = v7 - v45
    v500 = v429 * v499
    del v499
    v501 = v500 + v498
    del v498, v500
    v502 = v483 + v457
    v503 = 2.0 * v502
    del v502
    v504 = v8 * v503
    del v503
    v505 = v504 + v501
    del v501, v504
    v506 = v5 * v436
    v507 = v506 + v505
    del v505, v506
    v508 = v6 * v443
    v509 = v508 + v507
    del v507, v508
    v510 = v67 * v409
    v511 = v509 - v510
    del v509, v510
    v512 = v67 * v405
    v513 = v92 * v408
    v514 = v513 + v512
    del v512, v513
    v515 = v79 * v412
    v516 = v515 + v514
    del v514, v515
    v517 = 2.0 * v483
    del v483
    v518 = v45 * v517
    del v517
    v519 = v518 + v516
    del v516, v518
    v520 = v26 * v95
    v521 = v519 - v520
    del v519, v520
    v522 = v22 * v32
    v523 = v521 - v522
    del v521, v522
    v524 = v19 * v47
    v525 = v523 - v524
    del v523, v524
    v526 = v8 * v429
    del v429
    v527 = v525 - v526
    del v525
    v528 = v6 * v436
    del v436
    v529 = v527 - v528
    del v527
    v530 = v528 + v529
    del v528
    v531 = v11 * v408
    v532 = v531 + v530
    del v530, v531
    v533 = v10 * v405
    v534 = v533 + v532
    del v532, v533
    v535 = v9 * v412
    v536 = v535 + v534
    del v534, v535
    v537 = v26 * v86
    v538 = v537 + v536
    del v536, v537
    v539 = v22 * v30
    v540 = v539 + v538
    del v538, v539
    v541 = v19 * v42
    v542 = v541 + v540
    del v540, v541
    v543 = v5 * v443
    del v443
    v544 = v543 + v542
    del v542
    v545 = 2.0 * v451
    del v451
    v546 = v4 * v545
    del v545
    v547 = v546 + v544
    del v544, v546
    v548 = v526 + v529
    del v526, v529
    v549 = v543 + v548
    del v543, v548
    v550 = v15 * v408
    v551 = v550 + v549
    del v549, v550
    v552 = v14 * v405
    v553 = v552 + v551
    del v551, v552
    v554 = v12 * v412
    v555 = v554 + v553
    del v553, v554
    v556 = v26 * v76
    v557 = v556 + v555
    del v555, v556
    v558 = v22 * v29
    del v22
    v559 = v558 + v557
    del v557, v558
    v560 = v19 * v38
    del v19
    v561 = v560 + v559
    del v559, v560
    v562 = 2.0 * v457
    del v457
    v563 = v7 * v562
    del v562
    v564 = v563 + v561
    del v561, v563
    v565 = 2.0 * v21
    v566 = v95 * v565
    del v95
    v567 = v27 * v47
    del v47
    v568 = v20 + v567
    del v567
    v569 = v25 * v32
    del v32
    v570 = v569 + v568
    del v568, v569
    v571 = v566 + v570
    del v566, v570
    v572 = v26 * v45
    v573 = v571 - v572
    del v571, v572
    v574 = 2.0 * v573
    v575 = v92 * v574
    v576 = v45 * v408
    v577 = v576 + v575
    del v575, v576
    v578 = 4.0 * v21
    del v21
    v579 = v253 * v578
    del v253
    v580 = v114 * v424
    del v114
    v581 = v54 * v317
    del v54
    v582 = v580 + v581
    del v580, v581
    v583 = v579 + v582
    del v579, v582
    v584 = v8 * v416
    v585 = v584 + v583
    del v583, v584
    v586 = v67 * v585
    v587 = v586 + v577
    del v577
    v588 = v226 * v578
    del v226
    v589 = v101 * v424
    del v101
    v590 = v49 * v317
    del v49
    v591 = v589 + v590
    del v589, v590
    v592 = v588 + v591
    del v588, v591
    v593 = v6 * v416
    v594 = v593 + v592
    del v592, v593
    v595 = v79 * v594
    v596 = v595 + v587
    del v587
    v597 = v4 * v408
    v598 = v596 + v597
    del v597
    v599 = v6 * v413
    v600 = v599 + v598
    del v598, v599
    v601 = v1 * v307
    v602 = v601 + v600
    del v600, v601
    v603 = v3 * v314
    v604 = v603 + v602
    del v602, v603
    v605 = v10 * v585
    v606 = v605 + v604
    del v604, v605
    v607 = v9 * v594
    v608 = v607 + v606
    del v606, v607
    v609 = v239 * v578
    del v239, v578
    v610 = v107 * v424
    del v107, v424
    v611 = v51 * v317
    del v51, v317
    v612 = v610 + v611
    del v610, v611
    v613 = v609 + v612
    del v609, v612
    v614 = v5 * v416
    del v416
    v615 = v614 + v613
    del v613, v614
    v616 = 2.0 * v615
    v617 = v13 * v616
    v618 = v617 + v608
    del v608
    v619 = v27 * v42
    del v42
    v620 = v20 + v619
    del v619
    v621 = v25 * v30
    del v30
    v622 = v621 + v620
    del v620, v621
    v623 = v86 * v565
    del v86
    v624 = v623 + v622
    del v622, v623
    v625 = v4 * v26
    v626 = v625 + v624
    del v624, v625
    v627 = 2.0 * v626
    v628 = v573 + v627
    v629 = 2.0 * v628
    del v628
    v630 = v11 * v629
    del v629
    v631 = v630 + v618
    del v618, v630
    v632 = 2.0 * v595
    del v595
    v633 = v631 - v632
    del v631, v632
    v634 = v596 + v617
    del v596, v617
    v635 = v7 * v408
    del v408
    v636 = v635 + v634
    del v634, v635
    v637 = v8 * v406
    v638 = v637 + v636
    del v636, v637
    v639 = v2 * v304
    v640 = v639 + v638
    del v638, v639
    v641 = v3 * v301
    v642 = v641 + v640
    del v640, v641
    v643 = v14 * v585
    v644 = v643 + v642
    del v642, v643
    v645 = v27 * v38
    del v27, v38
    v646 = v20 + v645
    del v20, v645
    v647 = v25 * v29
    del v25, v29
    v648 = v647 + v646
    del v646, v647
    v649 = v76 * v565
    del v76, v565
    v650 = v649 + v648
    del v648, v649
    v651 = v7 * v26
    del v26
    v652 = v651 + v650
    del v650, v651
    v653 = 2.0 * v652
    v654 = v573 + v653
    v655 = 2.0 * v654
    del v654
    v656 = v15 * v655
    del v655
    v657 = v656 + v644
    del v644, v656
    v658 = v12 * v594
    v659 = v658 + v657
    del v657, v658
    v660 = 2.0 * v586
    del v586
    v661 = v659 - v660
    del v659, v660
    v662 = v92 * v594
    v663 = v45 * v412
    v664 = v663 + v662
    del v662, v663
    v665 = v67 * v615
    v666 = v665 + v664
    del v664, v665
    v667 = v574 + v626
    v668 = 2.0 * v667
    del v667
    v669 = v79 * v668
    del v668
    v670 = v669 + v666
    del v666, v669
    v671 = v6 * v409
    v672 = v670 - v671
    del v670, v671
    v673 = v3 * v307
    v674 = v672 - v673
    del v672, v673
    v675 = 2.0 * v585
    v676 = v13 * v675
    v677 = v674 - v676
    del v674
    v678 = 2.0 * v594
    v679 = v11 * v678
    v680 = v677 - v679
    del v677, v679
    v681 = v4 * v412
    v682 = v680 + v681
    del v681
    v683 = v1 * v314
    v684 = v683 + v682
    del v682, v683
    v685 = v11 * v594
    v686 = v685 + v684
    del v684, v685
    v687 = v10 * v615
    v688 = v687 + v686
    del v686
    v689 = v9 * v627
    v690 = v689 + v688
    del v688, v689
    v691 = v92 * v585
    v692 = v45 * v405
    del v45
    v693 = v692 + v691
    del v691, v692
    v694 = v652 + v574
    del v574
    v695 = 2.0 * v694
    del v694
    v696 = v67 * v695
    del v695
    v697 = v696 + v693
    del v693, v696
    v698 = v79 * v615
    v699 = v698 + v697
    del v697, v698
    v700 = v8 * v409
    v701 = v699 - v700
    del v699, v700
    v702 = v3 * v304
    v703 = v701 - v702
    del v701, v702
    v704 = v15 * v675
    v705 = v703 - v704
    del v703, v704
    v706 = v13 * v678
    v707 = v705 - v706
    del v705
    v708 = v7 * v405
    v709 = v707 + v708
    del v708
    v710 = v2 * v301
    v711 = v710 + v709
    del v709, v710
    v712 = v15 * v585
    v713 = v712 + v711
    del v711, v712
    v714 = v14 * v653
    v715 = v714 + v713
    del v713, v714
    v716 = v12 * v615
    v717 = v716 + v715
    del v715, v716
    v718 = v6 * v406
    del v6
    v719 = v5 * v409
    del v409
    v720 = v719 + v718
    del v718, v719
    v721 = v8 * v413
    del v8
    v722 = v721 + v720
    del v720, v721
    v723 = v1 * v304
    del v304
    v724 = v723 + v722
    del v722, v723
    v725 = v2 * v307
    del v307
    v726 = v725 + v724
    del v724, v725
    v727 = v3 * v310
    del v3
    v728 = v727 + v726
    del v726, v727
    v729 = v12 - v79
    del v79
    v730 = v675 * v729
    del v675, v729
    v731 = v730 + v728
    del v728, v730
    v732 = v10 - v67
    del v67
    v733 = v678 * v732
    del v678, v732
    v734 = v733 + v731
    del v731, v733
    v735 = v92 * v616
    del v92
    v736 = v735 + v734
    del v734, v735
    v737 = v573 + v652
    del v573
    v738 = v626 + v737
    del v737
    v739 = 4.0 * v738
    del v738
    v740 = v13 * v739
    del v13, v739
    v741 = v740 + v736
    del v736, v740
    v742 = v706 + v707
    del v706, v707
    v743 = v4 * v405
    del v4, v405
    v744 = v743 + v742
    del v742, v743
    v745 = v5 * v413
    del v413
    v746 = v745 + v744
    del v744, v745
    v747 = v1 * v310
    v748 = v747 + v746
    del v746, v747
    v749 = v2 * v314
    del v314
    v750 = v749 + v748
    del v748, v749
    v751 = v11 * v585
    del v11, v585
    v752 = v751 + v750
    del v750, v751
    v753 = v12 * v616
    del v616
    v754 = v753 + v752
    del v752, v753
    v755 = v9 * v615
    del v9
    v756 = v755 + v754
    del v754, v755
    v757 = v652 + v627
    del v627, v652
    v758 = 2.0 * v757
    del v757
    v759 = v10 * v758
    del v10, v758
    v760 = v759 + v756
    del v756, v759
    v761 = v676 + v680
    del v676, v680
    v762 = v5 * v406
    del v5, v406
    v763 = v762 + v761
    del v761, v762
    v764 = v7 * v412
    del v7, v412
    v765 = v764 + v763
    del v763, v764
    v766 = v1 * v301
    del v1, v301
    v767 = v766 + v765
    del v765, v766
    v768 = v2 * v310
    del v2, v310
    v769 = v768 + v767
    del v767, v768
    v770 = v15 * v594
    del v15, v594
    v771 = v770 + v769
    del v769, v770
    v772 = v14 * v615
    del v14, v615
    v773 = v772 + v771
    del v771, v772
    v774 = v653 + v626
    del v626, v653
    v775 = 2.0 * v774
    del v774
    v776 = v12 * v775
    del v12, v775
    v777 = v776 + v773
    del v773, v776
    v778 = 2.0 * v687
    del v687
    v779 = v778 + v777
    del v777, v778
    return torch.stack((v0, v33, v48, v123, v96, v262, v63, v135, v173, v286, v274, v298, v214,), -2), torch.stack((v16, v348, v379, v403, v547, v461, v489, v564, v511, v690, v760, v633, v779, v741, v717, v661,), -2)


def jvp(x, u):
    """Return ydot, the derivative of y along u."""
    (_, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15,) = x.unbind(-2)
    (v16, v17, v18, v19, v20, v21, v22, v23, v24, v25, v26, v27, v28, v29, v30, v31,) = u.unbind(-2)
    v32 = v7 * v30
    v33 = v14 * v23
    v34 = v33 + v32
    del v32, v33
    v35 = v4 * v26
    v36 = v10 * v20
    v37 = v36 + v35
    del v35, v36
    v38 = v37 + v34
    del v34, v37
    v39 = v26 + v30
    v40 = v4 + v7
    v41 = v40 * v39
    v42 = v20 + v23
    v43 = v10 + v14
    v44 = v43 * v42
    v45 = v44 + v41
    del v41, v44
    v46 = v45 + v38
    del v38, v45
    v47 = v6 * v29
    v48 = v13 * v22
    v49 = v48 + v47
    del v47, v48
    v50 = v5 * v28
    v51 = v12 * v21
    v52 = v51 + v50
    del v50, v51
    v53 = v52 + v49
    del v49, v52
    v54 = v8 * v31
    v55 = v15 * v24
    v56 = v55 + v54
    del v54, v55
    v57 = v56 + v53
    del v53, v56
    v58 = 2.0 * v57
    del v57
    v59 = v46 + v58
    del v46, v58
    v60 = v7 * v14
    v61 = v4 * v10
    v62 = v61 + v60
    del v60, v61
    v63 = v40 * v43
    v64 = v63 + v62
    del v62, v63
    v65 = v6 * v13
    v66 = v5 * v12
    v67 = v66 + v65
    del v65, v66
    v68 = v8 * v15
    v69 = v68 + v67
    del v67, v68
    v70 = 2.0 * v69
    del v69
    v71 = v64 + v70
    del v64, v70
    v72 = v71 * v59
    del v59, v71
    v73 = v7 * v28
    v74 = v12 * v23
    v75 = v74 + v73
    del v73, v74
    v76 = v4 * v25
    v77 = v9 * v20
    v78 = v77 + v76
    del v76, v77
    v79 = v78 + v75
    del v75, v78
    v80 = v25 + v28
    v81 = v40 * v80
    v82 = v9 + v12
    v83 = v82 * v42
    v84 = v83 + v81
    del v81, v83
    v85 = v84 + v79
    del v79, v84
    v86 = v6 * v27
    v87 = v11 * v22
    v88 = v87 + v86
    del v86, v87
    v89 = v5 * v26
    v90 = v10 * v21
    v91 = v90 + v89
    del v89, v90
    v92 = v91 + v88
    del v88, v91
    v93 = v8 * v29
    v94 = v13 * v24
    v95 = v94 + v93
    del v93, v94
    v96 = v95 + v92
    del v92, v95
    v97 = 2.0 * v96
    del v96
    v98 = v85 + v97
    del v85, v97
    v99 = v7 * v12
    v100 = v4 * v9
    v101 = v100 + v99
    del v99, v100
    v102 = v40 * v82
    v103 = v102 + v101
    del v101, v102
    v104 = v6 * v11
    v105 = v5 * v10
    v106 = v105 + v104
    del v104, v105
    v107 = v8 * v13
    v108 = v107 + v106
    del v106, v107
    v109 = 2.0 * v108
    del v108
    v110 = v103 + v109
    del v103, v109
    v111 = v110 * v98
    del v98, v110
    v112 = v111 + v72
    del v72, v111
    v113 = v7 * v31
    v114 = v15 * v23
    v115 = v114 + v113
    del v113, v114
    v116 = v4 * v27
    v117 = v11 * v20
    v118 = v117 + v116
    del v116, v117
    v119 = v118 + v115
    del v115, v118
    v120 = v27 + v31
    v121 = v40 * v120
    v122 = v11 + v15
    v123 = v122 * v42
    v124 = v123 + v121
    del v121, v123
    v125 = v124 + v119
    del v119, v124
    v126 = v6 * v80
    v127 = v22 * v82
    v128 = v127 + v126
    del v126, v127
    v129 = v5 * v29
    v130 = v13 * v21
    v131 = v130 + v129
    del v129, v130
    v132 = v131 - v128
    del v128, v131
    v133 = v8 * v39
    v134 = v24 * v43
    v135 = v134 + v133
    del v133, v134
    v136 = v132 - v135
    del v132, v135
    v137 = 2.0 * v136
    del v136
    v138 = v125 + v137
    del v125, v137
    v139 = v7 * v15
    v140 = v4 * v11
    v141 = v140 + v139
    del v139, v140
    v142 = v40 * v122
    v143 = v142 + v141
    del v141, v142
    v144 = v6 * v82
    v145 = v5 * v13
    v146 = v145 - v144
    del v144, v145
    v147 = v8 * v43
    v148 = v146 - v147
    del v146, v147
    v149 = 2.0 * v148
    del v148
    v150 = v143 + v149
    del v143, v149
    v151 = v150 * v138
    del v138, v150
    v152 = v151 + v112
    del v112, v151
    v153 = 2.0 * v152
    del v152
    v154 = v12 * v31
    v155 = v15 * v28
    v156 = v155 + v154
    del v154, v155
    v157 = v9 * v27
    v158 = v11 * v25
    v159 = v158 + v157
    del v157, v158
    v160 = v159 + v156
    del v156, v159
    v161 = v82 * v120
    v162 = v122 * v80
    v163 = v162 + v161
    del v161, v162
    v164 = v163 + v160
    del v160, v163
    v165 = v11 * v80
    v166 = v27 * v82
    v167 = v166 + v165
    del v165, v166
    v168 = v10 * v29
    v169 = v13 * v26
    v170 = v169 + v168
    del v168, v169
    v171 = v170 - v167
    del v167, v170
    v172 = v13 * v39
    v173 = v29 * v43
    v174 = v173 + v172
    del v172, v173
    v175 = v171 - v174
    del v171, v174
    v176 = 2.0 * v175
    del v175
    v177 = v164 + v176
    del v164, v176
    v178 = v5 * v8
    v179 = v4 * v6
    v180 = v179 + v178
    del v178, v179
    v181 = v6 * v40
    v182 = v180 - v181
    del v180, v181
    v183 = v182 * v177
    v184 = v5 * v24
    v185 = v8 * v21
    v186 = v185 + v184
    del v184, v185
    v187 = v4 * v22
    v188 = v6 * v20
    v189 = v188 + v187
    del v187, v188
    v190 = v189 + v186
    del v186, v189
    v191 = v6 * v42
    v192 = v22 * v40
    v193 = v192 + v191
    del v191, v192
    v194 = v190 - v193
    del v190, v193
    v195 = v12 * v15
    v196 = v9 * v11
    v197 = v196 + v195
    del v195, v196
    v198 = v82 * v122
    v199 = v198 + v197
    del v197, v198
    v200 = v11 * v82
    v201 = v10 * v13
    v202 = v201 - v200
    del v200, v201
    v203 = v13 * v43
    v204 = v202 - v203
    del v202, v203
    v205 = 2.0 * v204
    del v204
    v206 = v199 + v205
    del v199, v205
    v207 = v206 * v194
    v208 = v207 + v183
    del v183, v207
    v209 = v12 * v30
    v210 = v14 * v28
    v211 = v210 + v209
    del v209, v210
    v212 = v9 * v26
    v213 = v10 * v25
    v214 = v213 + v212
    del v212, v213
    v215 = v214 + v211
    del v211, v214
    v216 = v82 * v39
    v217 = v43 * v80
    v218 = v217 + v216
    del v216, v217
    v219 = v218 + v215
    del v215, v218
    v220 = v11 * v29
    v221 = v13 * v27
    v222 = v221 + v220
    del v220, v221
    v223 = v10 * v28
    v224 = v12 * v26
    v225 = v224 + v223
    del v223, v224
    v226 = v225 + v222
    del v222, v225
    v227 = v13 * v31
    v228 = v15 * v29
    v229 = v228 + v227
    del v227, v228
    v230 = v229 + v226
    del v226, v229
    v231 = 2.0 * v230
    del v230
    v232 = v219 + v231
    del v219, v231
    v233 = v5 * v7
    v234 = v4 * v5
    v235 = v234 + v233
    del v233, v234
    v236 = v6 * v8
    v237 = v236 + v235
    del v235, v236
    v238 = v237 * v232
    v239 = v5 * v23
    v240 = v7 * v21
    v241 = v240 + v239
    del v239, v240
    v242 = v4 * v21
    v243 = v5 * v20
    v244 = v243 + v242
    del v242, v243
    v245 = v244 + v241
    del v241, v244
    v246 = v6 * v24
    v247 = v8 * v22
    v248 = v247 + v246
    del v246, v247
    v249 = v248 + v245
    del v245, v248
    v250 = v12 * v14
    v251 = v9 * v10
    v252 = v251 + v250
    del v250, v251
    v253 = v82 * v43
    v254 = v253 + v252
    del v252, v253
    v255 = v11 * v13
    v256 = v10 * v12
    v257 = v256 + v255
    del v255, v256
    v258 = v13 * v15
    v259 = v258 + v257
    del v257, v258
    v260 = 2.0 * v259
    del v259
    v261 = v254 + v260
    del v254, v260
    v262 = v261 * v249
    v263 = v262 + v238
    del v238, v262
    v264 = v263 + v208
    del v208, v263
    v265 = v14 * v31
    v266 = v15 * v30
    v267 = v266 + v265
    del v265, v266
    v268 = v10 * v27
    v269 = v11 * v26
    v270 = v269 + v268
    del v268, v269
    v271 = v270 + v267
    del v267, v270
    v272 = v43 * v120
    v273 = v122 * v39
    v274 = v273 + v272
    del v272, v273
    v275 = v274 + v271
    del v271, v274
    v276 = v13 * v80
    v277 = v29 * v82
    v278 = v277 + v276
    del v276, v277
    v279 = v12 * v29
    v280 = v13 * v28
    v281 = v280 + v279
    del v279, v280
    v282 = v281 - v278
    del v278, v281
    v283 = v15 * v39
    v284 = v31 * v43
    v285 = v284 + v283
    del v283, v284
    v286 = v282 - v285
    del v282, v285
    v287 = 2.0 * v286
    del v286
    v288 = v275 + v287
    del v275, v287
    v289 = v7 * v8
    v290 = v5 * v6
    v291 = v290 + v289
    del v289, v290
    v292 = v8 * v40
    v293 = v291 - v292
    del v291, v292
    v294 = v293 * v288
    v295 = v7 * v24
    v296 = v8 * v23
    v297 = v296 + v295
    del v295, v296
    v298 = v5 * v22
    v299 = v6 * v21
    v300 = v299 + v298
    del v298, v299
    v301 = v300 + v297
    del v297, v300
    v302 = v8 * v42
    v303 = v24 * v40
    v304 = v303 + v302
    del v302, v303
    v305 = v301 - v304
    del v301, v304
    v306 = v14 * v15
    v307 = v10 * v11
    v308 = v307 + v306
    del v306, v307
    v309 = v43 * v122
    v310 = v309 + v308
    del v308, v309
    v311 = v13 * v82
    v312 = v12 * v13
    v313 = v312 - v311
    del v311, v312
    v314 = v15 * v43
    v315 = v313 - v314
    del v313, v314
    v316 = 2.0 * v315
    del v315
    v317 = v310 + v316
    del v310, v316
    v318 = v317 * v305
    v319 = v318 + v294
    del v294, v318
    v320 = v319 + v264
    del v264, v319
    v321 = 2.0 * v320
    del v320
    v322 = v14 * v30
    v323 = v10 * v26
    v324 = v323 + v322
    del v322
    v325 = v43 * v39
    v326 = v325 + v324
    del v324
    v327 = 2.0 * v326
    del v326
    v328 = v13 * v29
    v329 = v12 * v28
    v330 = v329 + v328
    v331 = v15 * v31
    v332 = v331 + v330
    del v330
    v333 = 4.0 * v332
    del v332
    v334 = v327 + v333
    del v327, v333
    v335 = v7 * v7
    v336 = v5 * v5
    v337 = v336 + v335
    del v335
    v338 = v8 * v8
    v339 = v338 + v337
    del v337
    v340 = v339 * v334
    v341 = v7 * v23
    v342 = v5 * v21
    v343 = v342 + v341
    del v341
    v344 = v8 * v24
    v345 = v344 + v343
    del v343
    v346 = 2.0 * v345
    v347 = v14 * v14
    v348 = v10 * v10
    v349 = v348 + v347
    del v347
    v350 = v43 * v43
    v351 = v350 + v349
    del v349
    v352 = v13 * v13
    v353 = v12 * v12
    v354 = v353 + v352
    v355 = v15 * v15
    v356 = v355 + v354
    del v354
    v357 = 2.0 * v356
    del v356
    v358 = v351 + v357
    del v351, v357
    v359 = v358 * v346
    v360 = v359 + v340
    del v340, v359
    v361 = v9 * v25
    v362 = v361 + v329
    del v329, v361
    v363 = v82 * v80
    v364 = v363 + v362
    del v362
    v365 = 2.0 * v364
    del v364
    v366 = v11 * v27
    v367 = v323 + v366
    del v323
    v368 = v328 + v367
    del v367
    v369 = 4.0 * v368
    del v368
    v370 = v365 + v369
    del v365, v369
    v371 = v4 * v4
    v372 = v371 + v336
    del v336, v371
    v373 = v6 * v6
    v374 = v373 + v372
    del v372
    v375 = v374 * v370
    v376 = v4 * v20
    v377 = v376 + v342
    del v342, v376
    v378 = v6 * v22
    v379 = v378 + v377
    del v377
    v380 = 2.0 * v379
    v381 = v9 * v9
    v382 = v381 + v353
    del v353, v381
    v383 = v82 * v82
    v384 = v383 + v382
    del v382
    v385 = v11 * v11
    v386 = v348 + v385
    del v348
    v387 = v352 + v386
    del v386
    v388 = 2.0 * v387
    del v387
    v389 = v384 + v388
    del v384, v388
    v390 = v389 * v380
    v391 = v390 + v375
    del v375, v390
    v392 = v391 + v360
    del v360, v391
    v393 = v328 + v363
    del v328, v363
    v394 = v325 + v393
    del v325, v393
    v395 = 4.0 * v394
    del v394
    v396 = v366 + v331
    del v331, v366
    v397 = v122 * v120
    del v120
    v398 = v397 + v396
    del v396, v397
    v399 = 2.0 * v398
    del v398
    v400 = v399 + v395
    del v395, v399
    v401 = v373 + v338
    del v338, v373
    v402 = v40 * v40
    v403 = v402 + v401
    del v401, v402
    v404 = v403 * v400
    v405 = v378 + v344
    del v344, v378
    v406 = v40 * v42
    v407 = v406 + v405
    del v405, v406
    v408 = 2.0 * v407
    v409 = v352 + v383
    del v352, v383
    v410 = v350 + v409
    del v350, v409
    v411 = 2.0 * v410
    del v410
    v412 = v385 + v355
    del v355, v385
    v413 = v122 * v122
    del v122
    v414 = v413 + v412
    del v412, v413
    v415 = v414 + v411
    del v411, v414
    v416 = v415 * v408
    v417 = v416 + v404
    del v404, v416
    v418 = v417 + v392
    del v392, v417
    v419 = v418 + v321
    del v321, v418
    v420 = v6 * v177
    v421 = v22 * v206
    v422 = v421 + v420
    del v420, v421
    v423 = v5 * v232
    v424 = v21 * v261
    v425 = v424 + v423
    del v423, v424
    v426 = v425 + v422
    del v422, v425
    v427 = v8 * v288
    v428 = v24 * v317
    v429 = v428 + v427
    del v427, v428
    v430 = v429 + v426
    del v426, v429
    v431 = 2.0 * v430
    del v430
    v432 = v7 * v334
    v433 = v23 * v358
    v434 = v433 + v432
    del v432, v433
    v435 = v4 * v370
    v436 = v20 * v389
    v437 = v436 + v435
    del v435, v436
    v438 = v437 + v434
    del v434, v437
    v439 = v40 * v400
    v440 = v415 * v42
    v441 = v440 + v439
    del v439, v440
    v442 = v438 - v441
    del v438, v441
    v443 = v442 + v431
    del v431, v442
    v444 = v1 * v3
    v445 = v444 * v177
    v446 = v1 * v19
    v447 = v3 * v17
    v448 = v447 + v446
    del v446, v447
    v449 = v206 * v448
    v450 = v449 + v445
    del v445, v449
    v451 = v1 * v2
    v452 = v451 * v232
    v453 = v1 * v18
    v454 = v2 * v17
    v455 = v454 + v453
    del v453, v454
    v456 = v261 * v455
    v457 = v456 + v452
    del v452, v456
    v458 = v457 + v450
    del v450, v457
    v459 = v2 * v3
    v460 = v459 * v288
    v461 = v2 * v19
    v462 = v3 * v18
    v463 = v462 + v461
    del v461, v462
    v464 = v317 * v463
    v465 = v464 + v460
    del v460, v464
    v466 = v465 + v458
    del v458, v465
    v467 = 2.0 * v466
    del v466
    v468 = v2 * v2
    v469 = v468 * v334
    v470 = v2 * v18
    v471 = 2.0 * v470
    v472 = v358 * v471
    v473 = v472 + v469
    del v469, v472
    v474 = v1 * v1
    v475 = v474 * v370
    v476 = v1 * v17
    v477 = 2.0 * v476
    v478 = v389 * v477
    v479 = v478 + v475
    del v475, v478
    v480 = v479 + v473
    del v473, v479
    v481 = v3 * v3
    v482 = v481 * v400
    v483 = v3 * v19
    v484 = 2.0 * v483
    v485 = v415 * v484
    v486 = v485 + v482
    del v482, v485
    v487 = v486 + v480
    del v480, v486
    v488 = v487 + v467
    del v467, v487
    v489 = v2 * v29
    v490 = v13 * v18
    v491 = v490 + v489
    del v489, v490
    v492 = v1 * v27
    v493 = v11 * v17
    v494 = v493 + v492
    del v492, v493
    v495 = v494 + v491
    del v491, v494
    v496 = v3 * v80
    del v80
    v497 = v19 * v82
    v498 = v497 + v496
    del v496, v497
    v499 = v495 - v498
    del v495, v498
    v500 = v444 * v499
    del v499
    v501 = v2 * v13
    v502 = v1 * v11
    v503 = v502 + v501
    del v501, v502
    v504 = v3 * v82
    del v82
    v505 = v503 - v504
    del v503, v504
    v506 = v505 * v448
    del v505
    v507 = v506 + v500
    del v500, v506
    v508 = v2 * v28
    v509 = v12 * v18
    v510 = v509 + v508
    del v508, v509
    v511 = v1 * v26
    v512 = v10 * v17
    v513 = v512 + v511
    del v511, v512
    v514 = v513 + v510
    del v510, v513
    v515 = v3 * v29
    v516 = v13 * v19
    v517 = v516 + v515
    del v515, v516
    v518 = v517 + v514
    del v514, v517
    v519 = v451 * v518
    del v518
    v520 = v2 * v12
    v521 = v1 * v10
    v522 = v521 + v520
    del v520, v521
    v523 = v3 * v13
    v524 = v523 + v522
    del v522, v523
    v525 = v524 * v455
    del v524
    v526 = v525 + v519
    del v519, v525
    v527 = v526 + v507
    del v507, v526
    v528 = v2 * v31
    v529 = v15 * v18
    v530 = v529 + v528
    del v528, v529
    v531 = v1 * v29
    del v29
    v532 = v13 * v17
    v533 = v532 + v531
    del v531, v532
    v534 = v533 + v530
    del v530, v533
    v535 = v3 * v39
    del v39
    v536 = v19 * v43
    v537 = v536 + v535
    del v535, v536
    v538 = v534 - v537
    del v534, v537
    v539 = v459 * v538
    del v538
    v540 = v2 * v15
    v541 = v1 * v13
    del v13
    v542 = v541 + v540
    del v540, v541
    v543 = v3 * v43
    del v43
    v544 = v542 - v543
    del v542, v543
    v545 = v544 * v463
    del v544
    v546 = v545 + v539
    del v539, v545
    v547 = v546 + v527
    del v527, v546
    v548 = 2.0 * v547
    del v547
    v549 = v2 * v30
    del v30
    v550 = v14 * v18
    v551 = v550 + v549
    del v549, v550
    v552 = v1 * v28
    del v28
    v553 = v12 * v17
    v554 = v553 + v552
    del v552, v553
    v555 = v554 + v551
    del v551, v554
    v556 = v3 * v31
    del v31
    v557 = v15 * v19
    v558 = v557 + v556
    del v556, v557
    v559 = v558 + v555
    del v555, v558
    v560 = v468 * v559
    v561 = v2 * v14
    del v14
    v562 = v1 * v12
    del v12
    v563 = v562 + v561
    del v561, v562
    v564 = v3 * v15
    del v15
    v565 = v564 + v563
    del v563, v564
    v566 = v565 * v471
    v567 = v566 + v560
    del v560, v566
    v568 = v2 * v26
    del v26
    v569 = v10 * v18
    del v18
    v570 = v569 + v568
    del v568, v569
    v571 = v1 * v25
    del v25
    v572 = v9 * v17
    del v17
    v573 = v572 + v571
    del v571, v572
    v574 = v573 + v570
    del v570, v573
    v575 = v3 * v27
    del v27
    v576 = v11 * v19
    del v19
    v577 = v576 + v575
    del v575, v576
    v578 = v577 + v574
    del v574, v577
    v579 = v474 * v578
    v580 = v2 * v10
    del v2, v10
    v581 = v1 * v9
    del v1, v9
    v582 = v581 + v580
    del v580, v581
    v583 = v3 * v11
    del v3, v11
    v584 = v583 + v582
    del v582, v583
    v585 = v584 * v477
    v586 = v585 + v579
    del v579, v585
    v587 = v586 + v567
    del v567, v586
    v588 = v578 + v559
    del v559, v578
    v589 = v481 * v588
    del v588
    v590 = v584 + v565
    del v565, v584
    v591 = v590 * v484
    del v590
    v592 = v591 + v589
    del v589, v591
    v593 = v587 - v592
    del v587, v592
    v594 = v593 + v548
    del v548, v593
    v595 = v182 * v448
    v596 = v444 * v194
    v597 = v596 + v595
    del v595, v596
    v598 = v237 * v455
    v599 = v451 * v249
    v600 = v599 + v598
    del v598, v599
    v601 = v600 + v597
    del v597, v600
    v602 = v293 * v463
    v603 = v459 * v305
    v604 = v603 + v602
    del v602, v603
    v605 = v604 + v601
    del v601, v604
    v606 = 2.0 * v605
    del v605
    v607 = v468 * v346
    v608 = v339 * v471
    v609 = v608 + v607
    del v607, v608
    v610 = v474 * v380
    v611 = v374 * v477
    v612 = v611 + v610
    del v610, v611
    v613 = v612 + v609
    del v609, v612
    v614 = v481 * v408
    v615 = v403 * v484
    v616 = v615 + v614
    del v614, v615
    v617 = v616 + v613
    del v613, v616
    v618 = v617 + v606
    del v606, v617
    v619 = v6 * v448
    del v448
    v620 = v22 * v444
    del v444
    v621 = v620 + v619
    del v619, v620
    v622 = v5 * v455
    del v455
    v623 = v21 * v451
    del v451
    v624 = v623 + v622
    del v622, v623
    v625 = v624 + v621
    del v621, v624
    v626 = v8 * v463
    del v463
    v627 = v24 * v459
    del v459
    v628 = v627 + v626
    del v626, v627
    v629 = v628 + v625
    del v625, v628
    v630 = 2.0 * v629
    del v629
    v631 = v7 * v471
    del v471
    v632 = v23 * v468
    del v468
    v633 = v632 + v631
    del v631, v632
    v634 = v4 * v477
    del v477
    v635 = v20 * v474
    del v474
    v636 = v635 + v634
    del v634, v635
    v637 = v636 + v633
    del v633, v636
    v638 = v40 * v484
    del v484
    v639 = v481 * v42
    del v481
    v640 = v639 + v638
    del v638, v639
    v641 = v637 - v640
    del v637, v640
    v642 = v641 + v630
    del v630, v641
    v643 = v206 * v177
    del v177, v206
    v644 = v261 * v232
    del v232, v261
    v645 = v644 + v643
    del v643, v644
    v646 = v317 * v288
    del v288, v317
    v647 = v646 + v645
    del v645, v646
    v648 = 4.0 * v647
    del v647
    v649 = v358 * v334
    del v358
    v650 = v389 * v370
    del v389
    v651 = v650 + v649
    del v649, v650
    v652 = v415 * v400
    del v415
    v653 = v652 + v651
    del v651, v652
    v654 = 2.0 * v653
    del v653
    v655 = v654 + v648
    del v648, v654
    v656 = v370 + v334
    del v334, v370
    v657 = v400 + v656
    del v400, v656
    v658 = v6 * v194
    del v6, v194
    v659 = v22 * v182
    del v22, v182
    v660 = v659 + v658
    del v658, v659
    v661 = v5 * v249
    del v5, v249
    v662 = v21 * v237
    del v21, v237
    v663 = v662 + v661
    del v661, v662
    v664 = v663 + v660
    del v660, v663
    v665 = v8 * v305
    del v8, v305
    v666 = v24 * v293
    del v24, v293
    v667 = v666 + v665
    del v665, v666
    v668 = v667 + v664
    del v664, v667
    v669 = 2.0 * v668
    del v668
    v670 = v7 * v346
    del v7, v346
    v671 = v23 * v339
    del v23, v339
    v672 = v671 + v670
    del v670, v671
    v673 = v4 * v380
    del v4, v380
    v674 = v20 * v374
    del v20, v374
    v675 = v674 + v673
    del v673, v674
    v676 = v675 + v672
    del v672, v675
    v677 = v40 * v408
    del v40, v408
    v678 = v403 * v42
    del v42, v403
    v679 = v678 + v677
    del v677, v678
    v680 = v676 - v679
    del v676, v679
    v681 = v680 + v669
    del v669, v680
    v682 = v379 + v345
    del v345, v379
    v683 = v407 + v682
    del v407, v682
    v684 = 2.0 * v683
    del v683
    v685 = v476 + v470
    del v470, v476
    v686 = v483 + v685
    del v483, v685
    v687 = 2.0 * v686
    del v686
    return torch.stack((v16, v687, v684, v681, v657, v655, v642, v618, v594, v488, v443, v419, v153,), -2)


def vjp_of_vjp(x, ybar, u):
    """Return the gradients of vjp(x, ybar) . u with respect to x and ybar."""
    (_, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15,) = x.unbind(-2)
    (_, v17, v18, v19, v20, v21, v22, v23, v24, v25, v26, v27, v28,) = ybar.unbind(-2)
    (v29, v30, v31, v32, v33, v34, v35, v36, v37, v38, v39, v40, v41, v42, v43, v44,) = u.unbind(-2)
    v45 = torch.full_like(x.select(-2, 0), 0.0)
    v46 = v2 * v31
    v47 = v1 * v30
    v48 = v47 + v46
    v49 = v3 * v32
    v50 = v49 + v48
    del v48
    v51 = 2.0 * v50
    del v50
    v52 = v7 * v36
    v53 = v5 * v34
    v54 = v53 + v52
    del v52
    v55 = v8 * v37
    v56 = v55 + v54
    del v54
    v57 = v4 * v33
    v58 = v57 + v53
    del v53, v57
    v59 = v6 * v35
    v60 = v59 + v58
    del v58
    v61 = v60 + v56
    v62 = v59 + v55
    del v55, v59
    v63 = v33 + v36
    v64 = v4 + v7
    v65 = v64 * v63
    v66 = v65 + v62
    del v62, v65
    v67 = v66 + v61
    del v61
    v68 = 2.0 * v67
    del v67
    v69 = v14 * v43
    v70 = v10 * v39
    v71 = v70 + v69
    del v69
    v72 = v39 + v43
    v73 = v10 + v14
    v74 = v73 * v72
    v75 = v74 + v71
    del v71
    v76 = 2.0 * v75
    del v75
    v77 = v13 * v42
    v78 = v12 * v41
    v79 = v78 + v77
    v80 = v15 * v44
    v81 = v80 + v79
    del v79
    v82 = 4.0 * v81
    del v81
    v83 = v76 + v82
    del v76, v82
    v84 = v9 * v38
    v85 = v84 + v78
    del v78, v84
    v86 = v38 + v41
    v87 = v9 + v12
    v88 = v87 * v86
    v89 = v88 + v85
    del v85
    v90 = 2.0 * v89
    del v89
    v91 = v11 * v40
    v92 = v70 + v91
    del v70
    v93 = v77 + v92
    del v92
    v94 = 4.0 * v93
    del v93
    v95 = v90 + v94
    del v90, v94
    v96 = v95 + v83
    v97 = v77 + v88
    del v77, v88
    v98 = v74 + v97
    del v74, v97
    v99 = 4.0 * v98
    del v98
    v100 = v91 + v80
    del v80, v91
    v101 = v40 + v44
    v102 = v11 + v15
    v103 = v102 * v101
    v104 = v103 + v100
    del v100, v103
    v105 = 2.0 * v104
    del v104
    v106 = v105 + v99
    del v99, v105
    v107 = v106 + v96
    del v96
    v108 = v1 * v32
    v109 = v3 * v30
    v110 = v109 + v108
    del v108, v109
    v111 = v6 * v110
    v112 = v1 * v3
    v113 = v35 * v112
    v114 = v113 + v111
    del v111, v113
    v115 = v1 * v31
    v116 = v2 * v30
    v117 = v116 + v115
    del v115, v116
    v118 = v5 * v117
    v119 = v1 * v2
    v120 = v34 * v119
    v121 = v120 + v118
    del v118, v120
    v122 = v121 + v114
    del v114, v121
    v123 = v2 * v32
    v124 = v3 * v31
    v125 = v124 + v123
    del v123, v124
    v126 = v8 * v125
    v127 = v2 * v3
    v128 = v37 * v127
    v129 = v128 + v126
    del v126, v128
    v130 = v129 + v122
    del v122, v129
    v131 = 2.0 * v130
    del v130
    v132 = 2.0 * v46
    del v46
    v133 = v7 * v132
    v134 = v2 * v2
    v135 = v36 * v134
    v136 = v135 + v133
    del v133, v135
    v137 = 2.0 * v47
    del v47
    v138 = v4 * v137
    v139 = v1 * v1
    v140 = v33 * v139
    v141 = v140 + v138
    del v138, v140
    v142 = v141 + v136
    del v136, v141
    v143 = 2.0 * v49
    del v49
    v144 = v64 * v143
    v145 = v3 * v3
    v146 = v145 * v63
    v147 = v146 + v144
    del v144, v146
    v148 = v142 - v147
    del v142, v147
    v149 = v148 + v131
    del v131, v148
    v150 = v5 * v37
    v151 = v8 * v34
    v152 = v151 + v150
    del v150, v151
    v153 = v4 * v35
    v154 = v6 * v33
    v155 = v154 + v153
    del v153, v154
    v156 = v155 + v152
    del v152, v155
    v157 = v6 * v63
    v158 = v35 * v64
    v159 = v158 + v157
    del v157, v158
    v160 = v156 - v159
    del v156, v159
    v161 = v6 * v160
    v162 = v5 * v8
    v163 = v4 * v6
    v164 = v163 + v162
    del v162, v163
    v165 = v6 * v64
    v166 = v164 - v165
    del v164, v165
    v167 = v35 * v166
    v168 = v167 + v161
    del v161, v167
    v169 = v5 * v36
    v170 = v7 * v34
    v171 = v170 + v169
    del v169, v170
    v172 = v4 * v34
    v173 = v5 * v33
    v174 = v173 + v172
    del v172, v173
    v175 = v174 + v171
    del v171, v174
    v176 = v6 * v37
    v177 = v8 * v35
    v178 = v177 + v176
    del v176, v177
    v179 = v178 + v175
    del v175, v178
    v180 = v5 * v179
    v181 = v5 * v7
    v182 = v4 * v5
    v183 = v182 + v181
    del v181, v182
    v184 = v6 * v8
    v185 = v184 + v183
    del v183, v184
    v186 = v34 * v185
    v187 = v186 + v180
    del v180, v186
    v188 = v187 + v168
    del v168, v187
    v189 = v7 * v37
    v190 = v8 * v36
    v191 = v190 + v189
    del v189, v190
    v192 = v5 * v35
    v193 = v6 * v34
    v194 = v193 + v192
    del v192, v193
    v195 = v194 + v191
    del v191, v194
    v196 = v8 * v63
    v197 = v37 * v64
    v198 = v197 + v196
    del v196, v197
    v199 = v195 - v198
    del v195, v198
    v200 = v8 * v199
    v201 = v7 * v8
    v202 = v5 * v6
    v203 = v202 + v201
    del v201, v202
    v204 = v8 * v64
    v205 = v203 - v204
    del v203, v204
    v206 = v37 * v205
    v207 = v206 + v200
    del v200, v206
    v208 = v207 + v188
    del v188, v207
    v209 = 2.0 * v208
    del v208
    v210 = 2.0 * v56
    del v56
    v211 = v7 * v210
    v212 = v7 * v7
    v213 = v5 * v5
    v214 = v213 + v212
    del v212
    v215 = v8 * v8
    v216 = v215 + v214
    del v214
    v217 = v36 * v216
    v218 = v217 + v211
    del v211, v217
    v219 = 2.0 * v60
    del v60
    v220 = v4 * v219
    v221 = v4 * v4
    v222 = v221 + v213
    del v213, v221
    v223 = v6 * v6
    v224 = v223 + v222
    del v222
    v225 = v33 * v224
    v226 = v225 + v220
    del v220, v225
    v227 = v226 + v218
    del v218, v226
    v228 = 2.0 * v66
    del v66
    v229 = v64 * v228
    v230 = v223 + v215
    del v215, v223
    v231 = v64 * v64
    v232 = v231 + v230
    del v230, v231
    v233 = v232 * v63
    v234 = v233 + v229
    del v229, v233
    v235 = v227 - v234
    del v227, v234
    v236 = v235 + v209
    del v209, v235
    v237 = v166 * v110
    v238 = v112 * v160
    v239 = v238 + v237
    del v237, v238
    v240 = v185 * v117
    v241 = v119 * v179
    v242 = v241 + v240
    del v240, v241
    v243 = v242 + v239
    del v239, v242
    v244 = v205 * v125
    v245 = v127 * v199
    v246 = v245 + v244
    del v244, v245
    v247 = v246 + v243
    del v243, v246
    v248 = 2.0 * v247
    del v247
    v249 = v134 * v210
    v250 = v216 * v132
    v251 = v250 + v249
    del v249, v250
    v252 = v139 * v219
    v253 = v224 * v137
    v254 = v253 + v252
    del v252, v253
    v255 = v254 + v251
    del v251, v254
    v256 = v145 * v228
    v257 = v232 * v143
    v258 = v257 + v256
    del v256, v257
    v259 = v258 + v255
    del v255, v258
    v260 = v259 + v248
    del v248, v259
    v261 = v7 * v43
    v262 = v14 * v36
    v263 = v262 + v261
    del v261, v262
    v264 = v4 * v39
    v265 = v10 * v33
    v266 = v265 + v264
    del v264, v265
    v267 = v266 + v263
    del v263, v266
    v268 = v64 * v72
    v269 = v73 * v63
    v270 = v269 + v268
    del v268, v269
    v271 = v270 + v267
    del v267, v270
    v272 = v6 * v42
    v273 = v13 * v35
    v274 = v273 + v272
    del v272, v273
    v275 = v5 * v41
    v276 = v12 * v34
    v277 = v276 + v275
    del v275, v276
    v278 = v277 + v274
    del v274, v277
    v279 = v8 * v44
    v280 = v15 * v37
    v281 = v280 + v279
    del v279, v280
    v282 = v281 + v278
    del v278, v281
    v283 = 2.0 * v282
    del v282
    v284 = v271 + v283
    del v271, v283
    v285 = v7 * v14
    v286 = v4 * v10
    v287 = v286 + v285
    del v285, v286
    v288 = v64 * v73
    v289 = v288 + v287
    del v287, v288
    v290 = v6 * v13
    v291 = v5 * v12
    v292 = v291 + v290
    del v290, v291
    v293 = v8 * v15
    v294 = v293 + v292
    del v292, v293
    v295 = 2.0 * v294
    del v294
    v296 = v289 + v295
    del v289, v295
    v297 = v296 * v284
    v298 = v7 * v41
    v299 = v12 * v36
    v300 = v299 + v298
    del v298, v299
    v301 = v4 * v38
    v302 = v9 * v33
    v303 = v302 + v301
    del v301, v302
    v304 = v303 + v300
    del v300, v303
    v305 = v64 * v86
    v306 = v87 * v63
    v307 = v306 + v305
    del v305, v306
    v308 = v307 + v304
    del v304, v307
    v309 = v6 * v40
    v310 = v11 * v35
    v311 = v310 + v309
    del v309, v310
    v312 = v5 * v39
    v313 = v10 * v34
    v314 = v313 + v312
    del v312, v313
    v315 = v314 + v311
    del v311, v314
    v316 = v8 * v42
    v317 = v13 * v37
    v318 = v317 + v316
    del v316, v317
    v319 = v318 + v315
    del v315, v318
    v320 = 2.0 * v319
    del v319
    v321 = v308 + v320
    del v308, v320
    v322 = v7 * v12
    v323 = v4 * v9
    v324 = v323 + v322
    del v322, v323
    v325 = v64 * v87
    v326 = v325 + v324
    del v324, v325
    v327 = v6 * v11
    v328 = v5 * v10
    v329 = v328 + v327
    del v327, v328
    v330 = v8 * v13
    v331 = v330 + v329
    del v329, v330
    v332 = 2.0 * v331
    del v331
    v333 = v326 + v332
    del v326, v332
    v334 = v333 * v321
    v335 = v334 + v297
    del v297, v334
    v336 = v7 * v44
    v337 = v15 * v36
    v338 = v337 + v336
    del v336, v337
    v339 = v4 * v40
    v340 = v11 * v33
    v341 = v340 + v339
    del v339, v340
    v342 = v341 + v338
    del v338, v341
    v343 = v64 * v101
    v344 = v102 * v63
    v345 = v344 + v343
    del v343, v344
    v346 = v345 + v342
    del v342, v345
    v347 = v6 * v86
    v348 = v35 * v87
    v349 = v348 + v347
    del v347, v348
    v350 = v5 * v42
    v351 = v13 * v34
    v352 = v351 + v350
    del v350, v351
    v353 = v352 - v349
    del v349, v352
    v354 = v8 * v72
    v355 = v37 * v73
    v356 = v355 + v354
    del v354, v355
    v357 = v353 - v356
    del v353, v356
    v358 = 2.0 * v357
    del v357
    v359 = v346 + v358
    del v346, v358
    v360 = v7 * v15
    v361 = v4 * v11
    v362 = v361 + v360
    del v360, v361
    v363 = v64 * v102
    v364 = v363 + v362
    del v362, v363
    v365 = v6 * v87
    v366 = v5 * v13
    v367 = v366 - v365
    del v365, v366
    v368 = v8 * v73
    v369 = v367 - v368
    del v367, v368
    v370 = 2.0 * v369
    del v369
    v371 = v364 + v370
    del v364, v370
    v372 = v371 * v359
    v373 = v372 + v335
    del v335, v372
    v374 = 2.0 * v373
    del v373
    v375 = v2 * v42
    v376 = v13 * v31
    v377 = v376 + v375
    del v375, v376
    v378 = v1 * v40
    v379 = v11 * v30
    v380 = v379 + v378
    del v378, v379
    v381 = v380 + v377
    del v377, v380
    v382 = v3 * v86
    v383 = v32 * v87
    v384 = v383 + v382
    del v382, v383
    v385 = v381 - v384
    del v381, v384
    v386 = v112 * v385
    v387 = v2 * v13
    v388 = v1 * v11
    v389 = v388 + v387
    del v387, v388
    v390 = v3 * v87
    v391 = v389 - v390
    del v389, v390
    v392 = v391 * v110
    v393 = v392 + v386
    del v386, v392
    v394 = v2 * v41
    v395 = v12 * v31
    v396 = v395 + v394
    del v394, v395
    v397 = v1 * v39
    v398 = v10 * v30
    v399 = v398 + v397
    del v397, v398
    v400 = v399 + v396
    del v396, v399
    v401 = v3 * v42
    v402 = v13 * v32
    v403 = v402 + v401
    del v401, v402
    v404 = v403 + v400
    del v400, v403
    v405 = v119 * v404
    v406 = v2 * v12
    v407 = v1 * v10
    v408 = v407 + v406
    del v406, v407
    v409 = v3 * v13
    v410 = v409 + v408
    del v408, v409
    v411 = v410 * v117
    v412 = v411 + v405
    del v405, v411
    v413 = v412 + v393
    del v393, v412
    v414 = v2 * v44
    v415 = v15 * v31
    v416 = v415 + v414
    del v414, v415
    v417 = v1 * v42
    v418 = v13 * v30
    v419 = v418 + v417
    del v417, v418
    v420 = v419 + v416
    del v416, v419
    v421 = v3 * v72
    v422 = v32 * v73
    v423 = v422 + v421
    del v421, v422
    v424 = v420 - v423
    del v420, v423
    v425 = v127 * v424
    v426 = v2 * v15
    v427 = v1 * v13
    v428 = v427 + v426
    del v426, v427
    v429 = v3 * v73
    v430 = v428 - v429
    del v428, v429
    v431 = v430 * v125
    v432 = v431 + v425
    del v425, v431
    v433 = v432 + v413
    del v413, v432
    v434 = 2.0 * v433
    del v433
    v435 = v2 * v43
    v436 = v14 * v31
    v437 = v436 + v435
    del v435, v436
    v438 = v1 * v41
    v439 = v12 * v30
    v440 = v439 + v438
    del v438, v439
    v441 = v440 + v437
    del v437, v440
    v442 = v3 * v44
    v443 = v15 * v32
    v444 = v443 + v442
    del v442, v443
    v445 = v444 + v441
    del v441, v444
    v446 = v134 * v445
    v447 = v2 * v14
    v448 = v1 * v12
    v449 = v448 + v447
    del v447, v448
    v450 = v3 * v15
    v451 = v450 + v449
    del v449, v450
    v452 = v451 * v132
    v453 = v452 + v446
    del v446, v452
    v454 = v2 * v39
    v455 = v10 * v31
    v456 = v455 + v454
    del v454, v455
    v457 = v1 * v38
    v458 = v9 * v30
    v459 = v458 + v457
    del v457, v458
    v460 = v459 + v456
    del v456, v459
    v461 = v3 * v40
    v462 = v11 * v32
    v463 = v462 + v461
    del v461, v462
    v464 = v463 + v460
    del v460, v463
    v465 = v139 * v464
    v466 = v2 * v10
    v467 = v1 * v9
    v468 = v467 + v466
    del v466, v467
    v469 = v3 * v11
    v470 = v469 + v468
    del v468, v469
    v471 = v470 * v137
    v472 = v471 + v465
    del v465, v471
    v473 = v472 + v453
    del v453, v472
    v474 = v464 + v445
    v475 = v145 * v474
    v476 = v470 + v451
    v477 = v476 * v143
    v478 = v477 + v475
    del v475, v477
    v479 = v473 - v478
    del v473, v478
    v480 = v479 + v434
    del v434, v479
    v481 = v12 * v44
    v482 = v15 * v41
    v483 = v482 + v481
    del v481, v482
    v484 = v9 * v40
    v485 = v11 * v38
    v486 = v485 + v484
    del v484, v485
    v487 = v486 + v483
    del v483, v486
    v488 = v87 * v101
    v489 = v102 * v86
    v490 = v489 + v488
    del v488, v489
    v491 = v490 + v487
    del v487, v490
    v492 = v11 * v86
    v493 = v40 * v87
    v494 = v493 + v492
    del v492, v493
    v495 = v10 * v42
    v496 = v13 * v39
    v497 = v496 + v495
    del v495, v496
    v498 = v497 - v494
    del v494, v497
    v499 = v13 * v72
    v500 = v42 * v73
    v501 = v500 + v499
    del v499, v500
    v502 = v498 - v501
    del v498, v501
    v503 = 2.0 * v502
    del v502
    v504 = v491 + v503
    del v491, v503
    v505 = v12 * v15
    v506 = v9 * v11
    v507 = v506 + v505
    del v505, v506
    v508 = v87 * v102
    v509 = v508 + v507
    del v507, v508
    v510 = v11 * v87
    v511 = v10 * v13
    v512 = v511 - v510
    del v510, v511
    v513 = v13 * v73
    v514 = v512 - v513
    del v512, v513
    v515 = 2.0 * v514
    del v514
    v516 = v509 + v515
    del v509, v515
    v517 = v516 * v504
    v518 = v12 * v43
    v519 = v14 * v41
    v520 = v519 + v518
    del v518, v519
    v521 = v9 * v39
    v522 = v10 * v38
    v523 = v522 + v521
    del v521, v522
    v524 = v523 + v520
    del v520, v523
    v525 = v87 * v72
    v526 = v73 * v86
    v527 = v526 + v525
    del v525, v526
    v528 = v527 + v524
    del v524, v527
    v529 = v11 * v42
    v530 = v13 * v40
    v531 = v530 + v529
    del v529, v530
    v532 = v10 * v41
    v533 = v12 * v39
    v534 = v533 + v532
    del v532, v533
    v535 = v534 + v531
    del v531, v534
    v536 = v13 * v44
    v537 = v15 * v42
    v538 = v537 + v536
    del v536, v537
    v539 = v538 + v535
    del v535, v538
    v540 = 2.0 * v539
    del v539
    v541 = v528 + v540
    del v528, v540
    v542 = v12 * v14
    v543 = v9 * v10
    v544 = v543 + v542
    del v542, v543
    v545 = v87 * v73
    v546 = v545 + v544
    del v544, v545
    v547 = v11 * v13
    v548 = v10 * v12
    v549 = v548 + v547
    del v547, v548
    v550 = v13 * v15
    v551 = v550 + v549
    del v549, v550
    v552 = 2.0 * v551
    del v551
    v553 = v546 + v552
    del v546, v552
    v554 = v553 * v541
    v555 = v554 + v517
    del v517, v554
    v556 = v14 * v44
    v557 = v15 * v43
    v558 = v557 + v556
    del v556, v557
    v559 = v10 * v40
    v560 = v11 * v39
    v561 = v560 + v559
    del v559, v560
    v562 = v561 + v558
    del v558, v561
    v563 = v73 * v101
    v564 = v102 * v72
    v565 = v564 + v563
    del v563, v564
    v566 = v565 + v562
    del v562, v565
    v567 = v13 * v86
    v568 = v42 * v87
    v569 = v568 + v567
    del v567, v568
    v570 = v12 * v42
    v571 = v13 * v41
    v572 = v571 + v570
    del v570, v571
    v573 = v572 - v569
    del v569, v572
    v574 = v15 * v72
    v575 = v44 * v73
    v576 = v575 + v574
    del v574, v575
    v577 = v573 - v576
    del v573, v576
    v578 = 2.0 * v577
    del v577
    v579 = v566 + v578
    del v566, v578
    v580 = v14 * v15
    v581 = v10 * v11
    v582 = v581 + v580
    del v580, v581
    v583 = v73 * v102
    v584 = v583 + v582
    del v582, v583
    v585 = v13 * v87
    v586 = v12 * v13
    v587 = v586 - v585
    del v585, v586
    v588 = v15 * v73
    v589 = v587 - v588
    del v587, v588
    v590 = 2.0 * v589
    del v589
    v591 = v584 + v590
    del v584, v590
    v592 = v591 * v579
    v593 = v592 + v555
    del v555, v592
    v594 = 4.0 * v593
    del v593
    v595 = v14 * v14
    v596 = v10 * v10
    v597 = v596 + v595
    del v595
    v598 = v73 * v73
    v599 = v598 + v597
    del v597
    v600 = v13 * v13
    v601 = v12 * v12
    v602 = v601 + v600
    v603 = v15 * v15
    v604 = v603 + v602
    del v602
    v605 = 2.0 * v604
    del v604
    v606 = v599 + v605
    del v599, v605
    v607 = v606 * v83
    v608 = v9 * v9
    v609 = v608 + v601
    del v601, v608
    v610 = v87 * v87
    v611 = v610 + v609
    del v609
    v612 = v11 * v11
    v613 = v596 + v612
    del v596
    v614 = v600 + v613
    del v613
    v615 = 2.0 * v614
    del v614
    v616 = v611 + v615
    del v611, v615
    v617 = v616 * v95
    v618 = v617 + v607
    del v607, v617
    v619 = v600 + v610
    del v600, v610
    v620 = v598 + v619
    del v598, v619
    v621 = 2.0 * v620
    del v620
    v622 = v612 + v603
    del v603, v612
    v623 = v102 * v102
    v624 = v623 + v622
    del v622, v623
    v625 = v624 + v621
    del v621, v624
    v626 = v625 * v106
    v627 = v626 + v618
    del v618, v626
    v628 = 2.0 * v627
    del v627
    v629 = v628 + v594
    del v594, v628
    v630 = v6 * v504
    v631 = v35 * v516
    v632 = v631 + v630
    del v630, v631
    v633 = v5 * v541
    v634 = v34 * v553
    v635 = v634 + v633
    del v633, v634
    v636 = v635 + v632
    del v632, v635
    v637 = v8 * v579
    v638 = v37 * v591
    v639 = v638 + v637
    del v637, v638
    v640 = v639 + v636
    del v636, v639
    v641 = 2.0 * v640
    del v640
    v642 = v7 * v83
    v643 = v36 * v606
    v644 = v643 + v642
    del v642, v643
    v645 = v4 * v95
    v646 = v33 * v616
    v647 = v646 + v645
    del v645, v646
    v648 = v647 + v644
    del v644, v647
    v649 = v64 * v106
    v650 = v625 * v63
    v651 = v650 + v649
    del v649, v650
    v652 = v648 - v651
    del v648, v651
    v653 = v652 + v641
    del v641, v652
    v654 = v112 * v504
    v655 = v516 * v110
    v656 = v655 + v654
    del v654, v655
    v657 = v119 * v541
    v658 = v553 * v117
    v659 = v658 + v657
    del v657, v658
    v660 = v659 + v656
    del v656, v659
    v661 = v127 * v579
    v662 = v591 * v125
    v663 = v662 + v661
    del v661, v662
    v664 = v663 + v660
    del v660, v663
    v665 = 2.0 * v664
    del v664
    v666 = v134 * v83
    v667 = v606 * v132
    v668 = v667 + v666
    del v666, v667
    v669 = v139 * v95
    v670 = v616 * v137
    v671 = v670 + v669
    del v669, v670
    v672 = v671 + v668
    del v668, v671
    v673 = v145 * v106
    v674 = v625 * v143
    v675 = v674 + v673
    del v673, v674
    v676 = v675 + v672
    del v672, v675
    v677 = v676 + v665
    del v665, v676
    v678 = v166 * v504
    v679 = v516 * v160
    v680 = v679 + v678
    del v678, v679
    v681 = v185 * v541
    v682 = v553 * v179
    v683 = v682 + v681
    del v681, v682
    v684 = v683 + v680
    del v680, v683
    v685 = v205 * v579
    v686 = v591 * v199
    v687 = v686 + v685
    del v685, v686
    v688 = v687 + v684
    del v684, v687
    v689 = 2.0 * v688
    del v688
    v690 = v216 * v83
    v691 = v606 * v210
    v692 = v691 + v690
    del v690, v691
    v693 = v224 * v95
    v694 = v616 * v219
    v695 = v694 + v693
    del v693, v694
    v696 = v695 + v692
    del v692, v695
    v697 = v232 * v106
    v698 = v625 * v228
    v699 = v698 + v697
    del v697, v698
    v700 = v699 + v696
    del v696, v699
    v701 = v700 + v689
    del v689, v700
    v702 = v24 * v132
    v703 = v24 * v143
    v704 = v702 - v703
    del v702
    v705 = v12 * v704
    v706 = v24 * v134
    v707 = v24 * v145
    v708 = v706 - v707
    del v706
    v709 = v41 * v708
    v710 = v709 + v705
    del v705, v709
    v711 = 2.0 * v24
    v712 = v125 * v711
    v713 = v13 * v712
    v714 = v127 * v711
    v715 = v42 * v714
    v716 = v715 + v713
    del v713, v715
    v717 = v716 + v710
    del v710, v716
    v718 = v110 * v711
    v719 = v11 * v718
    v720 = v112 * v711
    v721 = v40 * v720
    v722 = v721 + v719
    del v719, v721
    v723 = v722 + v717
    del v717, v722
    v724 = v117 * v711
    v725 = v10 * v724
    v726 = v119 * v711
    v727 = v39 * v726
    v728 = v727 + v725
    del v725, v727
    v729 = v728 + v723
    del v723, v728
    v730 = v24 * v137
    v731 = v730 - v703
    del v703, v730
    v732 = v9 * v731
    v733 = v24 * v139
    v734 = v733 - v707
    del v707, v733
    v735 = v38 * v734
    v736 = v735 + v732
    del v732, v735
    v737 = v736 + v729
    del v729, v736
    v738 = 2.0 * v25
    v739 = v504 * v738
    v740 = v385 * v711
    del v385
    v741 = v739 + v740
    del v739, v740
    v742 = 2.0 * v23
    v743 = v160 * v742
    v744 = v743 + v741
    del v741, v743
    v745 = 2.0 * v22
    v746 = v35 * v745
    v747 = v746 + v744
    del v744, v746
    v748 = v3 * v747
    v749 = v516 * v738
    v750 = v391 * v711
    del v391
    v751 = v749 + v750
    del v749, v750
    v752 = v166 * v742
    v753 = v752 + v751
    del v751, v752
    v754 = v6 * v745
    v755 = v754 + v753
    del v753, v754
    v756 = v32 * v755
    v757 = v756 + v748
    del v748, v756
    v758 = v757 + v737
    del v737, v757
    v759 = v541 * v738
    v760 = v404 * v711
    del v404
    v761 = v759 + v760
    del v759, v760
    v762 = v179 * v742
    v763 = v762 + v761
    del v761, v762
    v764 = v34 * v745
    v765 = v764 + v763
    del v763, v764
    v766 = v2 * v765
    v767 = v553 * v738
    v768 = v410 * v711
    del v410
    v769 = v767 + v768
    del v767, v768
    v770 = v185 * v742
    v771 = v770 + v769
    del v769, v770
    v772 = v5 * v745
    v773 = v772 + v771
    del v771, v772
    v774 = v31 * v773
    v775 = v774 + v766
    del v766, v774
    v776 = v775 + v758
    del v758, v775
    v777 = v24 * v464
    del v464
    v778 = v25 * v95
    v779 = v778 + v777
    del v777, v778
    v780 = v23 * v219
    v781 = v780 + v779
    del v779, v780
    v782 = v22 * v33
    v783 = v782 + v781
    del v781, v782
    v784 = 2.0 * v783
    del v783
    v785 = v1 * v784
    del v784
    v786 = v25 * v616
    v787 = v17 + v786
    del v786
    v788 = v24 * v470
    del v470
    v789 = v788 + v787
    del v787, v788
    v790 = v23 * v224
    v791 = v790 + v789
    del v789, v790
    v792 = v4 * v22
    v793 = v792 + v791
    del v791, v792
    v794 = 2.0 * v793
    del v793
    v795 = v30 * v794
    del v794
    v796 = v795 + v785
    del v785, v795
    v797 = v796 + v776
    del v776, v796
    v798 = v14 * v704
    v799 = v43 * v708
    v800 = v799 + v798
    del v798, v799
    v801 = v15 * v712
    v802 = v44 * v714
    v803 = v802 + v801
    del v801, v802
    v804 = v803 + v800
    del v800, v803
    v805 = v13 * v718
    v806 = v42 * v720
    v807 = v806 + v805
    del v805, v806
    v808 = v807 + v804
    del v804, v807
    v809 = v12 * v724
    v810 = v41 * v726
    v811 = v810 + v809
    del v809, v810
    v812 = v811 + v808
    del v808, v811
    v813 = v10 * v731
    v814 = v39 * v734
    v815 = v814 + v813
    del v813, v814
    v816 = v815 + v812
    del v812, v815
    v817 = v579 * v738
    v818 = v424 * v711
    del v424
    v819 = v817 + v818
    del v817, v818
    v820 = v199 * v742
    v821 = v820 + v819
    del v819, v820
    v822 = v37 * v745
    v823 = v822 + v821
    del v821, v822
    v824 = v3 * v823
    v825 = v591 * v738
    v826 = v430 * v711
    del v430, v711
    v827 = v825 + v826
    del v825, v826
    v828 = v205 * v742
    v829 = v828 + v827
    del v827, v828
    v830 = v8 * v745
    v831 = v830 + v829
    del v829, v830
    v832 = v32 * v831
    v833 = v832 + v824
    del v824, v832
    v834 = v833 + v816
    del v816, v833
    v835 = v1 * v765
    del v765
    v836 = v30 * v773
    del v773
    v837 = v836 + v835
    del v835, v836
    v838 = v837 + v834
    del v834, v837
    v839 = v24 * v445
    del v445
    v840 = v25 * v83
    v841 = v840 + v839
    del v839, v840
    v842 = v23 * v210
    v843 = v842 + v841
    del v841, v842
    v844 = v22 * v36
    v845 = v844 + v843
    del v843, v844
    v846 = 2.0 * v845
    del v845
    v847 = v2 * v846
    del v846
    v848 = v25 * v606
    v849 = v17 + v848
    del v848
    v850 = v24 * v451
    del v451
    v851 = v850 + v849
    del v849, v850
    v852 = v23 * v216
    v853 = v852 + v851
    del v851, v852
    v854 = v7 * v22
    v855 = v854 + v853
    del v853, v854
    v856 = 2.0 * v855
    del v855
    v857 = v31 * v856
    del v856
    v858 = v857 + v847
    del v847, v857
    v859 = v858 + v838
    del v838, v858
    v860 = v15 * v704
    v861 = v44 * v708
    v862 = v861 + v860
    del v860, v861
    v863 = v13 * v724
    v864 = v42 * v726
    v865 = v864 + v863
    del v863, v864
    v866 = v862 + v865
    del v862, v865
    v867 = v11 * v731
    v868 = v40 * v734
    v869 = v868 + v867
    del v867, v868
    v870 = v869 + v866
    del v866, v869
    v871 = v2 * v823
    del v823
    v872 = v31 * v831
    del v831
    v873 = v872 + v871
    del v871, v872
    v874 = v873 + v870
    del v870, v873
    v875 = v1 * v747
    del v747
    v876 = v30 * v755
    del v755
    v877 = v876 + v875
    del v875, v876
    v878 = v877 + v874
    del v874, v877
    v879 = v25 * v106
    v880 = v23 * v228
    v881 = v879 + v880
    del v879, v880
    v882 = v24 * v474
    del v474
    v883 = v881 - v882
    del v881, v882
    v884 = v22 * v63
    v885 = v883 - v884
    del v883, v884
    v886 = 2.0 * v885
    del v885
    v887 = v3 * v886
    del v886
    v888 = v25 * v625
    v889 = v17 + v888
    del v17, v888
    v890 = v23 * v232
    v891 = v890 + v889
    del v889, v890
    v892 = v24 * v476
    del v24, v476
    v893 = v891 - v892
    del v891, v892
    v894 = v22 * v64
    v895 = v893 - v894
    del v893, v894
    v896 = 2.0 * v895
    del v895
    v897 = v32 * v896
    del v896
    v898 = v897 + v887
    del v887, v897
    v899 = v898 + v878
    del v878, v898
    v900 = v73 * v712
    v901 = v72 * v714
    v902 = v901 + v900
    del v900, v901
    v903 = v899 - v902
    del v899, v902
    v904 = v87 * v718
    v905 = v86 * v720
    v906 = v905 + v904
    del v904, v905
    v907 = v903 - v906
    del v903, v906
    v908 = 2.0 * v28
    del v28
    v909 = v284 * v908
    del v284
    v910 = 2.0 * v909
    v911 = v12 * v910
    v912 = v296 * v908
    del v296
    v913 = 2.0 * v912
    v914 = v41 * v913
    v915 = v914 + v911
    del v911, v914
    v916 = v359 * v908
    del v359
    v917 = 2.0 * v916
    v918 = v13 * v917
    v919 = v371 * v908
    del v371
    v920 = 2.0 * v919
    v921 = v42 * v920
    v922 = v921 + v918
    del v918, v921
    v923 = v922 + v915
    del v915, v922
    v924 = v321 * v908
    del v321
    v925 = 2.0 * v924
    v926 = v10 * v925
    v927 = v333 * v908
    del v333, v908
    v928 = 2.0 * v927
    v929 = v39 * v928
    v930 = v929 + v926
    del v926, v929
    v931 = v930 + v923
    del v923, v930
    v932 = 2.0 * v26
    v933 = v541 * v932
    v934 = v933 + v931
    del v931, v933
    v935 = v117 * v745
    v936 = v935 + v934
    del v934, v935
    v937 = 2.0 * v19
    v938 = v179 * v937
    v939 = v938 + v936
    del v936, v938
    v940 = 2.0 * v27
    v941 = v579 * v940
    v942 = v125 * v742
    v943 = v941 + v942
    del v941, v942
    v944 = v37 * v937
    v945 = v944 + v943
    del v943, v944
    v946 = v6 * v945
    v947 = v591 * v940
    v948 = v127 * v742
    v949 = v947 + v948
    del v947, v948
    v950 = v8 * v937
    v951 = v950 + v949
    del v949, v950
    v952 = v35 * v951
    v953 = v952 + v946
    del v946, v952
    v954 = v953 + v939
    del v939, v953
    v955 = v504 * v940
    v956 = v110 * v742
    v957 = v955 + v956
    del v955, v956
    v958 = v35 * v937
    v959 = v958 + v957
    del v957, v958
    v960 = v8 * v959
    v961 = v516 * v940
    v962 = v112 * v742
    v963 = v961 + v962
    del v961, v962
    v964 = v6 * v937
    v965 = v964 + v963
    del v963, v964
    v966 = v37 * v965
    v967 = v966 + v960
    del v960, v966
    v968 = v967 + v954
    del v954, v967
    v969 = v541 * v940
    v970 = v117 * v742
    v971 = v969 + v970
    del v969, v970
    v972 = v34 * v937
    v973 = v972 + v971
    del v971, v972
    v974 = v64 * v973
    v975 = v553 * v940
    v976 = v119 * v742
    del v742
    v977 = v975 + v976
    del v975, v976
    v978 = v5 * v937
    v979 = v978 + v977
    del v977, v978
    v980 = v63 * v979
    v981 = v980 + v974
    del v974, v980
    v982 = v981 + v968
    del v968, v981
    v983 = v27 * v95
    v984 = v23 * v137
    v985 = v983 + v984
    del v983, v984
    v986 = v19 * v33
    v987 = v986 + v985
    del v985, v986
    v988 = v27 * v83
    v989 = v23 * v132
    v990 = v988 + v989
    del v988, v989
    v991 = v19 * v36
    v992 = v991 + v990
    del v990, v991
    v993 = v992 + v987
    v994 = 2.0 * v993
    del v993
    v995 = v5 * v994
    del v994
    v996 = v27 * v616
    v997 = v18 + v996
    del v996
    v998 = v23 * v139
    v999 = v998 + v997
    del v997, v998
    v1000 = v4 * v19
    v1001 = v1000 + v999
    del v999, v1000
    v1002 = v27 * v606
    v1003 = v18 + v1002
    del v1002
    v1004 = v23 * v134
    v1005 = v1004 + v1003
    del v1003, v1004
    v1006 = v7 * v19
    v1007 = v1006 + v1005
    del v1005, v1006
    v1008 = v1007 + v1001
    v1009 = 2.0 * v1008
    del v1008
    v1010 = v34 * v1009
    del v1009
    v1011 = v1010 + v995
    del v995, v1010
    v1012 = v1011 + v982
    del v982, v1011
    v1013 = v11 * v925
    v1014 = v40 * v928
    v1015 = v1014 + v1013
    del v1013, v1014
    v1016 = v13 * v910
    v1017 = v42 * v913
    v1018 = v1017 + v1016
    del v1016, v1017
    v1019 = v1018 + v1015
    del v1015, v1018
    v1020 = v504 * v932
    v1021 = v1020 + v1019
    del v1019, v1020
    v1022 = v110 * v745
    v1023 = v1022 + v1021
    del v1021, v1022
    v1024 = v160 * v937
    v1025 = v1024 + v1023
    del v1023, v1024
    v1026 = v5 * v945
    v1027 = v34 * v951
    v1028 = v1027 + v1026
    del v1026, v1027
    v1029 = v1028 + v1025
    del v1025, v1028
    v1030 = v4 - v64
    v1031 = v1030 * v959
    del v1030
    v1032 = v33 - v63
    v1033 = v965 * v1032
    del v1032
    v1034 = v1031 + v1033
    del v1031, v1033
    v1035 = v1034 + v1029
    del v1029, v1034
    v1036 = v8 * v973
    v1037 = v37 * v979
    v1038 = v1037 + v1036
    del v1036, v1037
    v1039 = v1038 + v1035
    del v1035, v1038
    v1040 = v27 * v106
    v1041 = v23 * v143
    v1042 = v1040 + v1041
    del v1040, v1041
    v1043 = v19 * v63
    v1044 = v1042 - v1043
    del v1042, v1043
    v1045 = v1044 + v987
    v1046 = 2.0 * v1045
    del v1045
    v1047 = v6 * v1046
    del v1046
    v1048 = v27 * v625
    v1049 = v18 + v1048
    del v18, v1048
    v1050 = v23 * v145
    del v23
    v1051 = v1050 + v1049
    del v1049, v1050
    v1052 = v19 * v64
    v1053 = v1051 - v1052
    del v1051, v1052
    v1054 = v1053 + v1001
    v1055 = 2.0 * v1054
    del v1054
    v1056 = v35 * v1055
    del v1055
    v1057 = v1056 + v1047
    del v1047, v1056
    v1058 = v1057 + v1039
    del v1039, v1057
    v1059 = v87 * v917
    v1060 = v86 * v920
    v1061 = v1060 + v1059
    del v1059, v1060
    v1062 = v1058 - v1061
    del v1058, v1061
    v1063 = v13 * v925
    v1064 = v42 * v928
    v1065 = v1064 + v1063
    del v1063, v1064
    v1066 = v15 * v910
    v1067 = v44 * v913
    v1068 = v1067 + v1066
    del v1066, v1067
    v1069 = v1068 + v1065
    del v1065, v1068
    v1070 = v579 * v932
    v1071 = v1070 + v1069
    del v1069, v1070
    v1072 = v125 * v745
    del v745
    v1073 = v1072 + v1071
    del v1071, v1072
    v1074 = v199 * v937
    del v937
    v1075 = v1074 + v1073
    del v1073, v1074
    v1076 = v7 - v64
    v1077 = v1076 * v945
    del v1076
    v1078 = v36 - v63
    v1079 = v951 * v1078
    del v1078
    v1080 = v1077 + v1079
    del v1077, v1079
    v1081 = v1080 + v1075
    del v1075, v1080
    v1082 = v1044 + v992
    v1083 = 2.0 * v1082
    del v1082
    v1084 = v8 * v1083
    del v1083
    v1085 = v1053 + v1007
    v1086 = 2.0 * v1085
    del v1085
    v1087 = v37 * v1086
    del v1086
    v1088 = v1087 + v1084
    del v1084, v1087
    v1089 = v1088 + v1081
    del v1081, v1088
    v1090 = v5 * v959
    v1091 = v34 * v965
    v1092 = v1091 + v1090
    del v1090, v1091
    v1093 = v1092 + v1089
    del v1089, v1092
    v1094 = v6 * v973
    v1095 = v35 * v979
    v1096 = v1095 + v1094
    del v1094, v1095
    v1097 = v1096 + v1093
    del v1093, v1096
    v1098 = v73 * v917
    v1099 = v72 * v920
    v1100 = v1099 + v1098
    del v1098, v1099
    v1101 = v1097 - v1100
    del v1097, v1100
    v1102 = v73 * v909
    v1103 = v72 * v912
    v1104 = v1103 + v1102
    del v1102, v1103
    v1105 = v102 * v916
    v1106 = v101 * v919
    v1107 = v1106 + v1105
    del v1105, v1106
    v1108 = v1107 + v1104
    del v1104, v1107
    v1109 = v87 * v924
    v1110 = v86 * v927
    v1111 = v1110 + v1109
    del v1109, v1110
    v1112 = v1111 + v1108
    del v1108, v1111
    v1113 = 2.0 * v1044
    del v1044
    v1114 = v64 * v1113
    del v1113
    v1115 = 2.0 * v1053
    del v1053
    v1116 = v63 * v1115
    del v1115
    v1117 = v1116 + v1114
    del v1114, v1116
    v1118 = v1117 + v1112
    del v1112, v1117
    v1119 = v26 * v106
    v1120 = v1118 - v1119
    del v1118, v1119
    v1121 = v22 * v143
    v1122 = v1120 - v1121
    del v1120, v1121
    v1123 = v19 * v228
    v1124 = v1122 - v1123
    del v1122, v1123
    v1125 = v8 * v945
    del v945
    v1126 = v37 * v951
    del v951
    v1127 = v1126 + v1125
    del v1125, v1126
    v1128 = v1124 - v1127
    del v1124
    v1129 = v6 * v959
    del v959
    v1130 = v35 * v965
    del v965
    v1131 = v1130 + v1129
    del v1129, v1130
    v1132 = v1128 - v1131
    del v1128
    v1133 = v1131 + v1132
    del v1131
    v1134 = v11 * v916
    v1135 = v40 * v919
    v1136 = v1135 + v1134
    del v1134, v1135
    v1137 = v1136 + v1133
    del v1133, v1136
    v1138 = v10 * v909
    v1139 = v39 * v912
    v1140 = v1139 + v1138
    del v1138, v1139
    v1141 = v1140 + v1137
    del v1137, v1140
    v1142 = v9 * v924
    v1143 = v38 * v927
    v1144 = v1143 + v1142
    del v1142, v1143
    v1145 = v1144 + v1141
    del v1141, v1144
    v1146 = v26 * v95
    v1147 = v1146 + v1145
    del v1145, v1146
    v1148 = v22 * v137
    v1149 = v1148 + v1147
    del v1147, v1148
    v1150 = v19 * v219
    v1151 = v1150 + v1149
    del v1149, v1150
    v1152 = v5 * v973
    del v973
    v1153 = v34 * v979
    del v979
    v1154 = v1153 + v1152
    del v1152, v1153
    v1155 = v1154 + v1151
    del v1151
    v1156 = 2.0 * v987
    del v987
    v1157 = v4 * v1156
    del v1156
    v1158 = 2.0 * v1001
    del v1001
    v1159 = v33 * v1158
    del v1158
    v1160 = v1159 + v1157
    del v1157, v1159
    v1161 = v1160 + v1155
    del v1155, v1160
    v1162 = v1127 + v1132
    del v1127, v1132
    v1163 = v1154 + v1162
    del v1154, v1162
    v1164 = v15 * v916
    v1165 = v44 * v919
    v1166 = v1165 + v1164
    del v1164, v1165
    v1167 = v1166 + v1163
    del v1163, v1166
    v1168 = v14 * v909
    v1169 = v43 * v912
    v1170 = v1169 + v1168
    del v1168, v1169
    v1171 = v1170 + v1167
    del v1167, v1170
    v1172 = v12 * v924
    v1173 = v41 * v927
    v1174 = v1173 + v1172
    del v1172, v1173
    v1175 = v1174 + v1171
    del v1171, v1174
    v1176 = v26 * v83
    v1177 = v1176 + v1175
    del v1175, v1176
    v1178 = v22 * v132
    del v22
    v1179 = v1178 + v1177
    del v1177, v1178
    v1180 = v19 * v210
    del v19
    v1181 = v1180 + v1179
    del v1179, v1180
    v1182 = 2.0 * v992
    del v992
    v1183 = v7 * v1182
    del v1182
    v1184 = 2.0 * v1007
    del v1007
    v1185 = v36 * v1184
    del v1184
    v1186 = v1185 + v1183
    del v1183, v1185
    v1187 = v1186 + v1181
    del v1181, v1186
    v1188 = 2.0 * v21
    v1189 = v106 * v1188
    del v106
    v1190 = v27 * v228
    del v228
    v1191 = v25 * v143
    del v143
    v1192 = v1190 + v1191
    del v1190, v1191
    v1193 = v1189 + v1192
    del v1189, v1192
    v1194 = v26 * v63
    v1195 = v1193 - v1194
    del v1193, v1194
    v1196 = 2.0 * v1195
    v1197 = v102 * v1196
    v1198 = v625 * v1188
    del v625
    v1199 = v27 * v232
    del v232
    v1200 = v20 + v1199
    del v1199
    v1201 = v25 * v145
    del v145
    v1202 = v1201 + v1200
    del v1200, v1201
    v1203 = v1198 + v1202
    del v1198, v1202
    v1204 = v26 * v64
    v1205 = v1203 - v1204
    del v1203, v1204
    v1206 = 2.0 * v1205
    v1207 = v101 * v1206
    v1208 = v1207 + v1197
    del v1197, v1207
    v1209 = v64 * v916
    v1210 = v63 * v919
    v1211 = v1210 + v1209
    del v1209, v1210
    v1212 = v1211 + v1208
    del v1208, v1211
    v1213 = 4.0 * v21
    del v21
    v1214 = v579 * v1213
    del v579
    v1215 = v199 * v940
    del v199
    v1216 = v125 * v738
    del v125
    v1217 = v1215 + v1216
    del v1215, v1216
    v1218 = v1214 + v1217
    del v1214, v1217
    v1219 = v37 * v932
    v1220 = v1219 + v1218
    del v1218, v1219
    v1221 = v73 * v1220
    v1222 = v591 * v1213
    del v591
    v1223 = v205 * v940
    del v205
    v1224 = v127 * v738
    del v127
    v1225 = v1223 + v1224
    del v1223, v1224
    v1226 = v1222 + v1225
    del v1222, v1225
    v1227 = v8 * v932
    v1228 = v1227 + v1226
    del v1226, v1227
    v1229 = v72 * v1228
    v1230 = v1229 + v1221
    del v1221, v1229
    v1231 = v1230 + v1212
    del v1212
    v1232 = v504 * v1213
    del v504
    v1233 = v160 * v940
    del v160
    v1234 = v110 * v738
    del v110
    v1235 = v1233 + v1234
    del v1233, v1234
    v1236 = v1232 + v1235
    del v1232, v1235
    v1237 = v35 * v932
    v1238 = v1237 + v1236
    del v1236, v1237
    v1239 = v87 * v1238
    v1240 = v516 * v1213
    del v516
    v1241 = v166 * v940
    del v166
    v1242 = v112 * v738
    del v112
    v1243 = v1241 + v1242
    del v1241, v1242
    v1244 = v1240 + v1243
    del v1240, v1243
    v1245 = v6 * v932
    v1246 = v1245 + v1244
    del v1244, v1245
    v1247 = v86 * v1246
    v1248 = v1247 + v1239
    del v1239, v1247
    v1249 = v1248 + v1231
    del v1231
    v1250 = v4 * v916
    v1251 = v33 * v919
    v1252 = v1251 + v1250
    del v1250, v1251
    v1253 = v1249 + v1252
    del v1252
    v1254 = v6 * v925
    v1255 = v35 * v928
    v1256 = v1255 + v1254
    del v1254, v1255
    v1257 = v1256 + v1253
    del v1253, v1256
    v1258 = v1 * v718
    v1259 = v30 * v720
    v1260 = v1259 + v1258
    del v1258, v1259
    v1261 = v1260 + v1257
    del v1257, v1260
    v1262 = v3 * v731
    v1263 = v32 * v734
    v1264 = v1263 + v1262
    del v1262, v1263
    v1265 = v1264 + v1261
    del v1261, v1264
    v1266 = v10 * v1220
    v1267 = v39 * v1228
    v1268 = v1267 + v1266
    del v1266, v1267
    v1269 = v1268 + v1265
    del v1265, v1268
    v1270 = v9 * v1238
    v1271 = v38 * v1246
    v1272 = v1271 + v1270
    del v1270, v1271
    v1273 = v1272 + v1269
    del v1269, v1272
    v1274 = v541 * v1213
    del v541
    v1275 = v179 * v940
    del v179
    v1276 = v117 * v738
    del v117
    v1277 = v1275 + v1276
    del v1275, v1276
    v1278 = v1274 + v1277
    del v1274, v1277
    v1279 = v34 * v932
    v1280 = v1279 + v1278
    del v1278, v1279
    v1281 = 2.0 * v1280
    v1282 = v13 * v1281
    v1283 = v553 * v1213
    del v553, v1213
    v1284 = v185 * v940
    del v185, v940
    v1285 = v119 * v738
    del v119, v738
    v1286 = v1284 + v1285
    del v1284, v1285
    v1287 = v1283 + v1286
    del v1283, v1286
    v1288 = v5 * v932
    del v932
    v1289 = v1288 + v1287
    del v1287, v1288
    v1290 = 2.0 * v1289
    v1291 = v42 * v1290
    v1292 = v1291 + v1282
    del v1282, v1291
    v1293 = v1292 + v1273
    del v1273
    v1294 = v95 * v1188
    del v95
    v1295 = v27 * v219
    del v219
    v1296 = v25 * v137
    del v137
    v1297 = v1295 + v1296
    del v1295, v1296
    v1298 = v1294 + v1297
    del v1294, v1297
    v1299 = v26 * v33
    v1300 = v1299 + v1298
    del v1298, v1299
    v1301 = 2.0 * v1300
    v1302 = v1195 + v1301
    v1303 = 2.0 * v1302
    del v1302
    v1304 = v11 * v1303
    del v1303
    v1305 = v27 * v224
    del v224
    v1306 = v20 + v1305
    del v1305
    v1307 = v25 * v139
    del v139
    v1308 = v1307 + v1306
    del v1306, v1307
    v1309 = v616 * v1188
    del v616
    v1310 = v1309 + v1308
    del v1308, v1309
    v1311 = v4 * v26
    v1312 = v1311 + v1310
    del v1310, v1311
    v1313 = 2.0 * v1312
    v1314 = v1205 + v1313
    v1315 = 2.0 * v1314
    del v1314
    v1316 = v40 * v1315
    del v1315
    v1317 = v1316 + v1304
    del v1304, v1316
    v1318 = v1317 + v1293
    del v1293, v1317
    v1319 = 2.0 * v1248
    del v1248
    v1320 = v1318 - v1319
    del v1318, v1319
    v1321 = v1249 + v1292
    del v1249, v1292
    v1322 = v7 * v916
    del v916
    v1323 = v36 * v919
    del v919
    v1324 = v1323 + v1322
    del v1322, v1323
    v1325 = v1324 + v1321
    del v1321, v1324
    v1326 = v8 * v910
    v1327 = v37 * v913
    v1328 = v1327 + v1326
    del v1326, v1327
    v1329 = v1328 + v1325
    del v1325, v1328
    v1330 = v2 * v712
    v1331 = v31 * v714
    v1332 = v1331 + v1330
    del v1330, v1331
    v1333 = v1332 + v1329
    del v1329, v1332
    v1334 = v3 * v704
    v1335 = v32 * v708
    v1336 = v1335 + v1334
    del v1334, v1335
    v1337 = v1336 + v1333
    del v1333, v1336
    v1338 = v14 * v1220
    v1339 = v43 * v1228
    v1340 = v1339 + v1338
    del v1338, v1339
    v1341 = v1340 + v1337
    del v1337, v1340
    v1342 = v83 * v1188
    del v83
    v1343 = v27 * v210
    del v210
    v1344 = v25 * v132
    del v132
    v1345 = v1343 + v1344
    del v1343, v1344
    v1346 = v1342 + v1345
    del v1342, v1345
    v1347 = v26 * v36
    v1348 = v1347 + v1346
    del v1346, v1347
    v1349 = 2.0 * v1348
    v1350 = v1195 + v1349
    v1351 = 2.0 * v1350
    del v1350
    v1352 = v15 * v1351
    del v1351
    v1353 = v27 * v216
    del v27, v216
    v1354 = v20 + v1353
    del v20, v1353
    v1355 = v25 * v134
    del v25, v134
    v1356 = v1355 + v1354
    del v1354, v1355
    v1357 = v606 * v1188
    del v606, v1188
    v1358 = v1357 + v1356
    del v1356, v1357
    v1359 = v7 * v26
    del v26
    v1360 = v1359 + v1358
    del v1358, v1359
    v1361 = 2.0 * v1360
    v1362 = v1205 + v1361
    v1363 = 2.0 * v1362
    del v1362
    v1364 = v44 * v1363
    del v1363
    v1365 = v1364 + v1352
    del v1352, v1364
    v1366 = v1365 + v1341
    del v1341, v1365
    v1367 = v12 * v1238
    v1368 = v41 * v1246
    v1369 = v1368 + v1367
    del v1367, v1368
    v1370 = v1369 + v1366
    del v1366, v1369
    v1371 = 2.0 * v1230
    del v1230
    v1372 = v1370 - v1371
    del v1370, v1371
    v1373 = v102 * v1238
    v1374 = v101 * v1246
    v1375 = v1374 + v1373
    del v1373, v1374
    v1376 = v64 * v924
    v1377 = v63 * v927
    v1378 = v1377 + v1376
    del v1376, v1377
    v1379 = v1378 + v1375
    del v1375, v1378
    v1380 = v73 * v1280
    v1381 = v72 * v1289
    v1382 = v1381 + v1380
    del v1380, v1381
    v1383 = v1382 + v1379
    del v1379, v1382
    v1384 = v1196 + v1300
    v1385 = 2.0 * v1384
    del v1384
    v1386 = v87 * v1385
    del v1385
    v1387 = v1206 + v1312
    v1388 = 2.0 * v1387
    del v1387
    v1389 = v86 * v1388
    del v1388
    v1390 = v1389 + v1386
    del v1386, v1389
    v1391 = v1390 + v1383
    del v1383, v1390
    v1392 = v6 * v917
    v1393 = v35 * v920
    v1394 = v1393 + v1392
    del v1392, v1393
    v1395 = v1391 - v1394
    del v1391, v1394
    v1396 = v3 * v718
    v1397 = v32 * v720
    v1398 = v1397 + v1396
    del v1396, v1397
    v1399 = v1395 - v1398
    del v1395, v1398
    v1400 = 2.0 * v1220
    v1401 = v13 * v1400
    v1402 = 2.0 * v1228
    v1403 = v42 * v1402
    v1404 = v1403 + v1401
    del v1401, v1403
    v1405 = v1399 - v1404
    del v1399
    v1406 = 2.0 * v1238
    v1407 = v11 * v1406
    v1408 = 2.0 * v1246
    v1409 = v40 * v1408
    v1410 = v1409 + v1407
    del v1407, v1409
    v1411 = v1405 - v1410
    del v1405, v1410
    v1412 = v4 * v924
    v1413 = v33 * v927
    v1414 = v1413 + v1412
    del v1412, v1413
    v1415 = v1411 + v1414
    del v1414
    v1416 = v1 * v731
    v1417 = v30 * v734
    v1418 = v1417 + v1416
    del v1416, v1417
    v1419 = v1418 + v1415
    del v1415, v1418
    v1420 = v11 * v1238
    v1421 = v40 * v1246
    v1422 = v1421 + v1420
    del v1420, v1421
    v1423 = v1422 + v1419
    del v1419, v1422
    v1424 = v10 * v1280
    v1425 = v39 * v1289
    v1426 = v1425 + v1424
    del v1424, v1425
    v1427 = v1426 + v1423
    del v1423
    v1428 = v9 * v1301
    v1429 = v38 * v1313
    v1430 = v1429 + v1428
    del v1428, v1429
    v1431 = v1430 + v1427
    del v1427, v1430
    v1432 = v102 * v1220
    v1433 = v101 * v1228
    v1434 = v1433 + v1432
    del v1432, v1433
    v1435 = v64 * v909
    del v64
    v1436 = v63 * v912
    del v63
    v1437 = v1436 + v1435
    del v1435, v1436
    v1438 = v1437 + v1434
    del v1434, v1437
    v1439 = v1348 + v1196
    del v1196
    v1440 = 2.0 * v1439
    del v1439
    v1441 = v73 * v1440
    del v1440
    v1442 = v1360 + v1206
    del v1206
    v1443 = 2.0 * v1442
    del v1442
    v1444 = v72 * v1443
    del v1443
    v1445 = v1444 + v1441
    del v1441, v1444
    v1446 = v1445 + v1438
    del v1438, v1445
    v1447 = v87 * v1280
    v1448 = v86 * v1289
    v1449 = v1448 + v1447
    del v1447, v1448
    v1450 = v1449 + v1446
    del v1446, v1449
    v1451 = v8 * v917
    v1452 = v37 * v920
    v1453 = v1452 + v1451
    del v1451, v1452
    v1454 = v1450 - v1453
    del v1450, v1453
    v1455 = v3 * v712
    v1456 = v32 * v714
    v1457 = v1456 + v1455
    del v1455, v1456
    v1458 = v1454 - v1457
    del v1454, v1457
    v1459 = v15 * v1400
    v1460 = v44 * v1402
    v1461 = v1460 + v1459
    del v1459, v1460
    v1462 = v1458 - v1461
    del v1458, v1461
    v1463 = v13 * v1406
    v1464 = v42 * v1408
    v1465 = v1464 + v1463
    del v1463, v1464
    v1466 = v1462 - v1465
    del v1462
    v1467 = v7 * v909
    v1468 = v36 * v912
    v1469 = v1468 + v1467
    del v1467, v1468
    v1470 = v1466 + v1469
    del v1469
    v1471 = v2 * v704
    v1472 = v31 * v708
    v1473 = v1472 + v1471
    del v1471, v1472
    v1474 = v1473 + v1470
    del v1470, v1473
    v1475 = v15 * v1220
    v1476 = v44 * v1228
    v1477 = v1476 + v1475
    del v1475, v1476
    v1478 = v1477 + v1474
    del v1474, v1477
    v1479 = v14 * v1349
    v1480 = v43 * v1361
    v1481 = v1480 + v1479
    del v1479, v1480
    v1482 = v1481 + v1478
    del v1478, v1481
    v1483 = v12 * v1280
    v1484 = v41 * v1289
    v1485 = v1484 + v1483
    del v1483, v1484
    v1486 = v1485 + v1482
    del v1482, v1485
    v1487 = v6 * v910
    del v6
    v1488 = v35 * v913
    del v35
    v1489 = v1488 + v1487
    del v1487, v1488
    v1490 = v5 * v917
    del v917
    v1491 = v34 * v920
    del v920
    v1492 = v1491 + v1490
    del v1490, v1491
    v1493 = v1492 + v1489
    del v1489, v1492
    v1494 = v8 * v925
    del v8
    v1495 = v37 * v928
    del v37
    v1496 = v1495 + v1494
    del v1494, v1495
    v1497 = v1496 + v1493
    del v1493, v1496
    v1498 = v1 * v712
    del v712
    v1499 = v30 * v714
    del v714
    v1500 = v1499 + v1498
    del v1498, v1499
    v1501 = v1500 + v1497
    del v1497, v1500
    v1502 = v2 * v718
    del v718
    v1503 = v31 * v720
    del v720
    v1504 = v1503 + v1502
    del v1502, v1503
    v1505 = v1504 + v1501
    del v1501, v1504
    v1506 = v3 * v724
    del v3
    v1507 = v32 * v726
    del v32
    v1508 = v1507 + v1506
    del v1506, v1507
    v1509 = v1508 + v1505
    del v1505, v1508
    v1510 = v12 - v87
    del v87
    v1511 = v1510 * v1400
    del v1400, v1510
    v1512 = v41 - v86
    del v86
    v1513 = v1402 * v1512
    del v1402, v1512
    v1514 = v1511 + v1513
    del v1511, v1513
    v1515 = v1514 + v1509
    del v1509, v1514
    v1516 = v10 - v73
    del v73
    v1517 = v1516 * v1406
    del v1406, v1516
    v1518 = v39 - v72
    del v72
    v1519 = v1408 * v1518
    del v1408, v1518
    v1520 = v1517 + v1519
    del v1517, v1519
    v1521 = v1520 + v1515
    del v1515, v1520
    v1522 = v102 * v1281
    del v102
    v1523 = v101 * v1290
    del v101
    v1524 = v1523 + v1522
    del v1522, v1523
    v1525 = v1524 + v1521
    del v1521, v1524
    v1526 = v1195 + v1348
    del v1195
    v1527 = v1300 + v1526
    del v1526
    v1528 = 4.0 * v1527
    del v1527
    v1529 = v13 * v1528
    del v13, v1528
    v1530 = v1205 + v1360
    del v1205
    v1531 = v1312 + v1530
    del v1530
    v1532 = 4.0 * v1531
    del v1531
    v1533 = v42 * v1532
    del v42, v1532
    v1534 = v1533 + v1529
    del v1529, v1533
    v1535 = v1534 + v1525
    del v1525, v1534
    v1536 = v1404 + v1411
    del v1404, v1411
    v1537 = v5 * v910
    del v910
    v1538 = v34 * v913
    del v913
    v1539 = v1538 + v1537
    del v1537, v1538
    v1540 = v1539 + v1536
    del v1536, v1539
    v1541 = v7 * v924
    del v7, v924
    v1542 = v36 * v927
    del v36, v927
    v1543 = v1542 + v1541
    del v1541, v1542
    v1544 = v1543 + v1540
    del v1540, v1543
    v1545 = v1 * v704
    del v704
    v1546 = v30 * v708
    del v708
    v1547 = v1546 + v1545
    del v1545, v1546
    v1548 = v1547 + v1544
    del v1544, v1547
    v1549 = v2 * v724
    v1550 = v31 * v726
    v1551 = v1550 + v1549
    del v1549, v1550
    v1552 = v1551 + v1548
    del v1548, v1551
    v1553 = v15 * v1238
    del v15, v1238
    v1554 = v44 * v1246
    del v44, v1246
    v1555 = v1554 + v1553
    del v1553, v1554
    v1556 = v1555 + v1552
    del v1552, v1555
    v1557 = v14 * v1280
    del v14
    v1558 = v43 * v1289
    del v43
    v1559 = v1558 + v1557
    del v1557, v1558
    v1560 = v1559 + v1556
    del v1556, v1559
    v1561 = v1349 + v1300
    del v1300, v1349
    v1562 = 2.0 * v1561
    del v1561
    v1563 = v12 * v1562
    del v1562
    v1564 = v1361 + v1312
    del v1312, v1361
    v1565 = 2.0 * v1564
    del v1564
    v1566 = v41 * v1565
    del v1565
    v1567 = v1566 + v1563
    del v1563, v1566
    v1568 = v1567 + v1560
    del v1560, v1567
    v1569 = 2.0 * v1426
    del v1426
    v1570 = v1569 + v1568
    del v1568, v1569
    v1571 = v1465 + v1466
    del v1465, v1466
    v1572 = v4 * v909
    del v4, v909
    v1573 = v33 * v912
    del v33, v912
    v1574 = v1573 + v1572
    del v1572, v1573
    v1575 = v1574 + v1571
    del v1571, v1574
    v1576 = v5 * v925
    del v5, v925
    v1577 = v34 * v928
    del v34, v928
    v1578 = v1577 + v1576
    del v1576, v1577
    v1579 = v1578 + v1575
    del v1575, v1578
    v1580 = v1 * v724
    del v1, v724
    v1581 = v30 * v726
    del v30, v726
    v1582 = v1581 + v1580
    del v1580, v1581
    v1583 = v1582 + v1579
    del v1579, v1582
    v1584 = v2 * v731
    del v2, v731
    v1585 = v31 * v734
    del v31, v734
    v1586 = v1585 + v1584
    del v1584, v1585
    v1587 = v1586 + v1583
    del v1583, v1586
    v1588 = v11 * v1220
    del v11, v1220
    v1589 = v40 * v1228
    del v40, v1228
    v1590 = v1589 + v1588
    del v1588, v1589
    v1591 = v1590 + v1587
    del v1587, v1590
    v1592 = v12 * v1281
    del v12, v1281
    v1593 = v41 * v1290
    del v41, v1290
    v1594 = v1593 + v1592
    del v1592, v1593
    v1595 = v1594 + v1591
    del v1591, v1594
    v1596 = v9 * v1280
    del v9, v1280
    v1597 = v38 * v1289
    del v38, v1289
    v1598 = v1597 + v1596
    del v1596, v1597
    v1599 = v1598 + v1595
    del v1595, v1598
    v1600 = v1348 + v1301
    del v1301, v1348
    v1601 = 2.0 * v1600
    del v1600
    v1602 = v10 * v1601
    del v10, v1601
    v1603 = v1360 + v1313
    del v1313, v1360
    v1604 = 2.0 * v1603
    del v1603
    v1605 = v39 * v1604
    del v39, v1604
    v1606 = v1605 + v1602
    del v1602, v1605
    v1607 = v1606 + v1599
    del v1599, v1606
    return torch.stack((v45, v797, v859, v907, v1161, v1012, v1062, v1187, v1101, v1431, v1607, v1320, v1570, v1535, v1486, v1372,), -2), torch.stack((v29, v51, v68, v236, v107, v629, v149, v260, v480, v677, v653, v701, v374,), -2)
