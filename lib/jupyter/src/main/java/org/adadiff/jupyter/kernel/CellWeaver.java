package org.adadiff.jupyter.kernel;

import java.util.HashSet;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassTooLargeException;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Makes compiled cells stoppable: a call of {@link StopPoint#pass} at every method entry and before every backward jump, and
 * {@link StopPoint#exit} for the ends of the process. The calls take and leave nothing, so the frames that the compiler has computed
 * stay right.
 */
final class CellWeaver {
    private static final int API = Opcodes.ASM9;
    private static final String STOP_POINT = Type.getInternalName(StopPoint.class);

    private CellWeaver() {}

    /** Returns the class as it is if it is from a newer JDK than the library knows, or would become too large. */
    static byte[] weave(byte[] compiled) {
        try {
            ClassReader reader = new ClassReader(compiled);
            ClassWriter writer = new ClassWriter(reader, 0);
            reader.accept(new Woven(writer), 0);
            return writer.toByteArray();
        } catch (IllegalArgumentException | MethodTooLargeException | ClassTooLargeException e) {
            KernelLog.warn("a cell's class cannot be made stoppable: " + e.getMessage());
            return compiled;
        }
    }

    private static boolean ends(String owner, String name) {
        return owner.equals("java/lang/System") && name.equals("exit")
                || owner.equals("java/lang/Runtime") && (name.equals("exit") || name.equals("halt"));
    }

    private static String staticDescriptor(String owner) {
        return owner.equals("java/lang/Runtime") ? "(Ljava/lang/Runtime;I)V" : "(I)V";
    }

    private static final class Woven extends ClassVisitor {
        Woven(ClassVisitor next) {
            super(API, next);
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
            return new WovenMethod(super.visitMethod(access, name, descriptor, signature, exceptions));
        }
    }

    private static final class WovenMethod extends MethodVisitor {
        private final Set<Label> passed = new HashSet<>();
        private final Label entry = new Label();
        private boolean entryHasLine;

        WovenMethod(MethodVisitor next) {
            super(API, next);
        }

        private void stopPoint() {
            super.visitMethodInsn(Opcodes.INVOKESTATIC, STOP_POINT, "pass", "()V", false);
        }

        @Override
        public void visitCode() {
            super.visitCode();
            super.visitLabel(entry);
            stopPoint();
        }

        @Override
        public void visitLineNumber(int line, Label start) {
            if (!entryHasLine) {
                super.visitLineNumber(line, entry);
                entryHasLine = true;
            }
            super.visitLineNumber(line, start);
        }

        @Override
        public void visitLabel(Label label) {
            passed.add(label);
            super.visitLabel(label);
        }

        @Override
        public void visitJumpInsn(int opcode, Label label) {
            if (passed.contains(label)) {
                stopPoint();
            }
            super.visitJumpInsn(opcode, label);
        }

        @Override
        public void visitTableSwitchInsn(int min, int max, Label otherwise, Label... labels) {
            stopPointBefore(otherwise, labels);
            super.visitTableSwitchInsn(min, max, otherwise, labels);
        }

        @Override
        public void visitLookupSwitchInsn(Label otherwise, int[] keys, Label[] labels) {
            stopPointBefore(otherwise, labels);
            super.visitLookupSwitchInsn(otherwise, keys, labels);
        }

        private void stopPointBefore(Label otherwise, Label[] labels) {
            boolean backward = passed.contains(otherwise);
            for (Label label : labels) {
                backward |= passed.contains(label);
            }
            if (backward) {
                stopPoint();
            }
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            if (ends(owner, name)) {
                super.visitMethodInsn(Opcodes.INVOKESTATIC, STOP_POINT, "exit", staticDescriptor(owner), false);
            } else {
                super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
            }
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
            Object[] woven = arguments.clone();
            for (int i = 0; i < woven.length; i++) {
                if (woven[i] instanceof Handle handle && ends(handle.getOwner(), handle.getName())) {
                    woven[i] = new Handle(Opcodes.H_INVOKESTATIC, STOP_POINT, "exit", staticDescriptor(handle.getOwner()), false);
                }
            }
            super.visitInvokeDynamicInsn(name, descriptor, bootstrap, woven);
        }
    }
}
